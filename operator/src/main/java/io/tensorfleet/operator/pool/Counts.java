package io.tensorfleet.operator.pool;

import io.tensorfleet.operator.policy.PodPhase;
import io.tensorfleet.operator.policy.PodView;
import java.util.List;
import java.util.Map;

/**
 * How many Pods are in which state. Busy and idle are told apart by the newest snapshot, however
 * old.
 */
record Counts(
    int replicas, int ready, int starting, int busy, int idle, int draining, int updated) {

  static Counts of(List<PodView> pods, Map<String, Integer> busy, String revision) {
    List<PodView> there = pods.stream().filter(Counts::counts).toList();
    int ready = count(there, Counts::isReady);
    return new Counts(
        there.size(),
        ready,
        there.size() - ready,
        count(there, p -> busy.getOrDefault(p.name(), 0) > 0),
        count(there, p -> isReady(p) && busy.getOrDefault(p.name(), 0) == 0),
        count(pods, p -> p.phase() instanceof PodPhase.Terminating),
        count(there, p -> p.revision().equals(revision)));
  }

  private static boolean counts(PodView pod) {
    return !(pod.phase() instanceof PodPhase.Terminating)
        && !(pod.phase() instanceof PodPhase.Finished);
  }

  private static boolean isReady(PodView pod) {
    return pod.phase() instanceof PodPhase.Ready;
  }

  private static int count(List<PodView> pods, java.util.function.Predicate<PodView> which) {
    return (int) pods.stream().filter(which).count();
  }
}
