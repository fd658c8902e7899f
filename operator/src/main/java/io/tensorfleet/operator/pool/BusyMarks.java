package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which Pods' annotations are to change, so that node autoscalers leave busy workers alone. A Pod
 * is marked as soon as its worker is busy, and unmarked when that was idle for 30 s: a worker that
 * takes short tasks costs one write, not one a task. What is marked stands on the Pod itself; the
 * times at which workers became idle are all that is remembered, and may be lost.
 *
 * @param idleSince when marked workers were first seen idle, by the UIDs of their Pods
 * @param again when there may be more to write although nothing else changes
 * @param second when the second began in which {@code written} marks were written
 */
record BusyMarks(
    Map<String, Instant> idleSince, Instant second, int written, Optional<Instant> again) {
  /** What node autoscalers read. */
  static final Map<String, String> MARKS =
      new TreeMap<>(
          Map.of(
              "karpenter.sh/do-not-disrupt", "true",
              "cluster-autoscaler.kubernetes.io/safe-to-evict", "false"));

  /** Names the marks that the operator has written; those of a template are never touched. */
  static final String OWN = "tensorfleet.io/busy-marks";

  static final Duration IDLE_FOR = Duration.ofSeconds(30);
  static final int MOST_A_SECOND = 50;

  BusyMarks {
    idleSince = Map.copyOf(idleSince);
  }

  static BusyMarks none() {
    return new BusyMarks(Map.of(), Instant.EPOCH, 0, Optional.empty());
  }

  /** Annotations of one Pod to change; null removes one. */
  record Change(PodRef pod, Map<String, @Nullable String> annotations) {}

  /** What to write now, and what to remember. */
  record Due(List<Change> changes, BusyMarks next) {}

  /**
   * @param pods those that stay, of the pool's own
   * @param busy leases by worker
   */
  Due due(List<Pod> pods, Map<String, Integer> busy, Instant now) {
    List<Change> set = new ArrayList<>();
    List<Change> remove = new ArrayList<>();
    Map<String, Instant> idle = new HashMap<>();
    for (Pod pod : pods) {
      boolean works = busy.getOrDefault(pod.getMetadata().getName(), 0) > 0;
      if (works && !isMarked(pod)) {
        mark(pod).ifPresent(set::add);
      } else if (!works && isMarked(pod)) {
        String uid = pod.getMetadata().getUid();
        Instant since = idleSince.getOrDefault(uid, now);
        idle.put(uid, since);
        if (!now.isBefore(since.plus(IDLE_FOR))) {
          remove.add(unmark(pod));
        }
      }
    }
    return bounded(Stream.concat(set.stream(), remove.stream()).toList(), idle, now);
  }

  private Due bounded(List<Change> all, Map<String, Instant> idle, Instant now) {
    boolean same = now.isBefore(second.plusSeconds(1)) && !now.isBefore(second);
    int before = same ? written : 0;
    List<Change> changes = all.stream().limit(Math.max(0, MOST_A_SECOND - before)).toList();
    Instant begun = same ? second : now;
    Optional<Instant> next =
        changes.size() < all.size()
            ? Optional.of(begun.plusSeconds(1))
            : idle.values().stream()
                .map(since -> since.plus(IDLE_FOR))
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    return new Due(changes, new BusyMarks(idle, begun, before + changes.size(), next));
  }

  /** Marks a Pod with what its template does not say already. */
  private static Optional<Change> mark(Pod pod) {
    Set<String> there = annotations(pod).keySet();
    List<String> own = MARKS.keySet().stream().filter(key -> !there.contains(key)).toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    Map<String, @Nullable String> change = new TreeMap<>();
    own.forEach(key -> change.put(key, MARKS.get(key)));
    change.put(OWN, String.join(",", own));
    return Optional.of(new Change(PodRef.of(pod), change));
  }

  private static Change unmark(Pod pod) {
    Map<String, @Nullable String> change = new TreeMap<>();
    change.put(OWN, null);
    for (String key : annotations(pod).getOrDefault(OWN, "").split(",", -1)) {
      if (MARKS.containsKey(key)) {
        change.put(key, null);
      }
    }
    return new Change(PodRef.of(pod), change);
  }

  private static boolean isMarked(Pod pod) {
    return annotations(pod).containsKey(OWN);
  }

  private static Map<String, String> annotations(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
  }
}
