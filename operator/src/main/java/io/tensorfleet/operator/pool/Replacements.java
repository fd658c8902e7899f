package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.ReplacementStatus;
import io.tensorfleet.operator.policy.Memory;
import io.tensorfleet.operator.policy.Memory.Breaker;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
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
    if (shown == null
        || shown.revision() == null
        || shown.count() == null
        || shown.lastAt() == null) {
      return Map.of();
    }
    try {
      return Map.of(shown.revision(), new Breaker(shown.count(), Instant.parse(shown.lastAt())));
    } catch (DateTimeParseException e) {
      return Map.of();
    }
  }
}
