package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Ready;
import io.tensorfleet.operator.policy.PodPhase.Starting;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Pods by what they are worth; each is in exactly one list, and those that leave already are in
 * none.
 *
 * @param ready take work, or could
 * @param starting not ready, and nothing is known against them yet
 * @param failed ended, or kept from starting past the deadline
 * @param cordoned get no more work
 */
record Fleet(
    List<PodView> ready, List<PodView> starting, List<PodView> failed, List<PodView> cordoned) {

  static Fleet of(PoolView view) {
    Fleet fleet =
        new Fleet(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    view.pods().forEach(pod -> fleet.sort(pod, view.now()));
    return fleet;
  }

  /** When a Pod that is kept from starting reaches its deadline. */
  static Optional<Instant> nextDeadline(PoolView view) {
    return view.pods().stream()
        .map(PodView::phase)
        .filter(Blocked.class::isInstance)
        .map(Blocked.class::cast)
        .filter(blocked -> blocked.cause().isTold())
        .map(Fleet::deadline)
        .filter(time -> time.isAfter(view.now()))
        .min(Instant::compareTo);
  }

  private void sort(PodView pod, Instant now) {
    switch (pod.phase()) {
      case Terminating _ -> {}
      case Finished _ -> failed.add(pod);
      case Blocked blocked when !deadline(blocked).isAfter(now) -> failed.add(pod);
      case Ready _, Starting _, Blocked _ -> {
        if (pod.cordoned()) {
          cordoned.add(pod);
        } else {
          (pod.phase() instanceof Ready ? ready : starting).add(pod);
        }
      }
    }
  }

  private static Instant deadline(Blocked blocked) {
    return blocked.since().plus(blocked.cause().deadline());
  }

  /** Pods that count: ready and starting ones. */
  int supply() {
    return ready.size() + starting.size();
  }

  /** Pods of another revision than {@code revision} that are there, whatever they are worth. */
  int others(String revision) {
    return (int)
        Stream.of(ready, starting, failed, cordoned)
            .flatMap(List::stream)
            .filter(pod -> !pod.revision().equals(revision))
            .count();
  }

  /** Pods of another revision than {@code revision} that count. */
  int old(String revision) {
    return (int)
        Stream.concat(ready.stream(), starting.stream())
            .filter(pod -> !pod.revision().equals(revision))
            .count();
  }
}
