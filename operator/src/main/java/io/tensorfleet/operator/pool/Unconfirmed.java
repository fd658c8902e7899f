package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Pods that the operator made and that no watch has brought yet, by pool. One that somebody removed
 * while the watch was broken is never brought, and would count as starting for ever: after a while
 * it is looked for. One that is found may still be removed unseen: it is looked for again, each
 * time after twice the while.
 */
final class Unconfirmed {
  static final Duration PATIENCE = Duration.ofSeconds(5);
  static final Duration LONGEST_PATIENCE = Duration.ofMinutes(5);

  /** So many are looked for at once; who has waited longest comes first. */
  static final int MOST_AT_ONCE = 20;

  private final Map<ResourceID, Map<String, Made>> pools = new HashMap<>();

  private record Made(Pod pod, Instant due, Duration patience) {
    Made later(Instant now, Duration pause) {
      return new Made(pod, now.plus(pause), pause);
    }

    Made found(Instant now) {
      Duration twice = patience.multipliedBy(2);
      return later(now, twice.compareTo(LONGEST_PATIENCE) > 0 ? LONGEST_PATIENCE : twice);
    }
  }

  /** What came of looking for a Pod. */
  enum Found {
    THERE,
    GONE,
    /** Nobody can say now. */
    UNKNOWN
  }

  synchronized void made(ResourceID pool, Pod pod, Instant now) {
    pools
        .computeIfAbsent(pool, _ -> new HashMap<>())
        .put(uid(pod), new Made(pod, now.plus(PATIENCE), PATIENCE));
  }

  /** The watch has brought it, or its end. */
  synchronized void seen(ResourceID pool, Pod pod) {
    pools.computeIfPresent(
        pool, (_, pods) -> pods.remove(uid(pod)) != null && pods.isEmpty() ? null : pods);
  }

  /** The pool is gone; gives those that it leaves behind. */
  synchronized List<Pod> forget(ResourceID pool) {
    Map<String, Made> left = pools.remove(pool);
    return left == null ? List.of() : left.values().stream().map(Made::pod).toList();
  }

  /** Looks for those of the pool that are due, as long as there are answers; gives who is gone. */
  List<Pod> vanished(ResourceID pool, Instant now, Function<Pod, Found> look) {
    List<Pod> gone = new ArrayList<>();
    for (Pod pod : due(pool, now)) {
      switch (look.apply(pod)) {
        case THERE -> change(pool, pod, made -> made.found(now));
        case GONE -> {
          seen(pool, pod);
          gone.add(pod);
        }
        case UNKNOWN -> {
          return gone;
        }
      }
    }
    return gone;
  }

  /** Each is due again after the same while, unless something is heard of it. */
  private synchronized List<Pod> due(ResourceID pool, Instant now) {
    List<Pod> due =
        pools.getOrDefault(pool, Map.of()).values().stream()
            .filter(made -> !now.isBefore(made.due()))
            .sorted(Comparator.comparing(Made::due))
            .limit(MOST_AT_ONCE)
            .map(Made::pod)
            .toList();
    due.forEach(pod -> change(pool, pod, made -> made.later(now, made.patience())));
    return due;
  }

  private synchronized void change(ResourceID pool, Pod pod, Function<Made, Made> change) {
    pools.getOrDefault(pool, Map.of()).computeIfPresent(uid(pod), (_, made) -> change.apply(made));
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
