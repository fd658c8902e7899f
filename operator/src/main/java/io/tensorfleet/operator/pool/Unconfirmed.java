package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * Pods that the operator made and that no watch has brought yet. One that somebody removed while
 * the watch was broken is never brought, and would count as starting for ever: after a while it is
 * looked for.
 */
final class Unconfirmed {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConcurrentMap<String, Made> byUid = new ConcurrentHashMap<>();

  private record Made(Pod pod, Instant at) {}

  void made(Pod pod, Instant now) {
    byUid.put(pod.getMetadata().getUid(), new Made(pod, now));
  }

  /** The watch has brought it, or its end. */
  void seen(Pod pod) {
    byUid.remove(pod.getMetadata().getUid());
  }

  /** Those to look for now, each again after the same while. */
  List<Pod> overdue(Predicate<Pod> which, Instant now) {
    List<Pod> overdue =
        byUid.values().stream()
            .filter(made -> !now.isBefore(made.at().plus(PATIENCE)) && which.test(made.pod()))
            .map(Made::pod)
            .toList();
    overdue.forEach(pod -> made(pod, now));
    return overdue;
  }
}
