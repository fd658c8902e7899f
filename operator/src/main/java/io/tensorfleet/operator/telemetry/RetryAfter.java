package io.tensorfleet.operator.telemetry;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header of that name, in seconds; as a date it is not understood, and no API server sends it.
 */
final class RetryAfter {
  private RetryAfter() {}

  static Optional<Duration> read(@Nullable String header) {
    return header != null && header.strip().matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())))
        : Optional.empty();
  }
}
