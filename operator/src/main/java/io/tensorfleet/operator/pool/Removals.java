package io.tensorfleet.operator.pool;

import io.tensorfleet.operator.api.PodRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What became of the removals of a plan. */
record Removals(List<Each> all) {
  enum Outcome {
    LEAVES,
    /** Is given no more tasks, and removed when it is idle. */
    DRAINS,
    STAYS,
    FAILED
  }

  /**
   * One Pod's.
   *
   * @param cordon the cordon that was set and is left behind, because the Pod stays
   */
  record Each(PodRef pod, Outcome outcome, String why, Optional<OwnCordon> cordon) {
    static Each leaves(PodRef pod, String how) {
      return new Each(pod, Outcome.LEAVES, how, Optional.empty());
    }

    static Each drains(PodRef pod) {
      return new Each(pod, Outcome.DRAINS, pod.name() + " gets no more tasks", Optional.empty());
    }

    static Each stays(PodRef pod, String why) {
      return new Each(pod, Outcome.STAYS, pod.name() + " stays: " + why, Optional.empty());
    }

    static Each failed(PodRef pod, String why) {
      String text = "Pod " + pod.name() + " not deleted: " + why;
      return new Each(pod, Outcome.FAILED, text, Optional.empty());
    }

    /** After this cordon was set; who leaves takes it along. */
    Each after(OwnCordon set) {
      return outcome == Outcome.LEAVES ? this : new Each(pod, outcome, why, Optional.of(set));
    }
  }

  /** UIDs of the Pods that leave. */
  List<String> removed() {
    return of(Outcome.LEAVES, each -> each.pod().uid());
  }

  List<String> kept() {
    return of(Outcome.STAYS, Each::why);
  }

  Optional<String> failure() {
    return of(Outcome.FAILED, Each::why).stream().findFirst();
  }

  /** Cordons left behind, by the UIDs of their Pods. */
  Map<String, OwnCordon> cordons() {
    return all.stream()
        .filter(each -> each.cordon().isPresent())
        .collect(Collectors.toMap(each -> each.pod().uid(), each -> each.cordon().orElseThrow()));
  }

  private List<String> of(Outcome outcome, Function<Each, String> what) {
    return all.stream().filter(each -> each.outcome() == outcome).map(what).toList();
  }
}
