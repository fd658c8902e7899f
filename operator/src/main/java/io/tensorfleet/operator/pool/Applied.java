package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of a plan.
 *
 * @param created Pods that are there now
 * @param removed UIDs of Pods that leave
 * @param kept why Pods stay that the plan wanted to remove; the next plan sees to them
 * @param createFailure why a Pod could not be created
 * @param removeFailure why a Pod could not be removed although it may leave
 * @param cordons of workers that stay after all, by the UIDs of their Pods
 * @param foreign names that turned out to be somebody else's
 */
record Applied(
    List<Pod> created,
    List<String> removed,
    List<String> kept,
    Optional<Refusal> createFailure,
    Optional<String> removeFailure,
    Map<String, OwnCordon> cordons,
    Set<String> foreign) {

  Applied {
    created = List.copyOf(created);
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
    cordons = Map.copyOf(cordons);
    foreign = Set.copyOf(foreign);
  }

  /** No cordon is left behind, and no name was somebody else's. */
  Applied(
      List<Pod> created,
      List<String> removed,
      List<String> kept,
      Optional<Refusal> createFailure,
      Optional<String> removeFailure) {
    this(created, removed, kept, createFailure, removeFailure, Map.of(), Set.of());
  }

  static Applied nothing() {
    return new Applied(List.of(), List.of(), List.of(), Optional.empty(), Optional.empty());
  }
}
