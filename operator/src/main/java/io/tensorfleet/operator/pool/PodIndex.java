package io.tensorfleet.operator.pool;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which Pods a pool has, by name, so that nobody reads those of other pools to find them. */
final class PodIndex {
  private final Map<ResourceID, Set<ResourceID>> pods = new HashMap<>();

  synchronized void add(ResourceID pool, ResourceID pod) {
    pods.computeIfAbsent(pool, _ -> new HashSet<>()).add(pod);
  }

  synchronized void remove(ResourceID pool, ResourceID pod) {
    Set<ResourceID> all = pods.getOrDefault(pool, Set.of());
    if (all.contains(pod) && all.remove(pod) && all.isEmpty()) {
      pods.remove(pool);
    }
  }

  synchronized List<ResourceID> of(ResourceID pool) {
    return List.copyOf(pods.getOrDefault(pool, Set.of()));
  }
}
