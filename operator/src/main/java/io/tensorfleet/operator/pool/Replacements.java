package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.ReplacementStatus;
import io.tensorfleet.operator.pods.Texts;
import io.tensorfleet.operator.policy.Memory;
import io.tensorfleet.operator.policy.Memory.Breaker;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Breakers as the status shows them, so that a restarted operator knows them. */
final class Replacements {
  private Replacements() {}

  static @Nullable ReplacementStatus shown(Memory memory) {
    return memory.breakers().entrySet().stream()
        .max(Comparator.comparing(e -> e.getValue().lastAt()))
        .map(
            e ->
                new ReplacementStatus(
                    e.getKey(), e.getValue().replaced(), Statuses.text(e.getValue().lastAt())))
        .orElse(null);
  }

  /** What a status tells of them; what cannot be read is left out. */
  static Map<String, Breaker> restored(WorkerPoolStatus status) {
    ReplacementStatus shown = status.replacements();
    if (shown == null || shown.revision() == null || shown.count() == null) {
      return Map.of();
    }
    Optional<Instant> last = Texts.instant(shown.lastAt());
    return last.isPresent()
        ? Map.of(shown.revision(), new Breaker(shown.count(), last.get()))
        : Map.of();
  }
}
