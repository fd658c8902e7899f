package io.tensorfleet.operator.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The earliest of several times, some of which may be absent. */
final class Times {
  private Times() {}

  static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Instant::compareTo);
  }
}
