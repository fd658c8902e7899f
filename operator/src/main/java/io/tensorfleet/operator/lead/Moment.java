package io.tensorfleet.operator.lead;

import java.time.Duration;
import java.time.Instant;

/**
 * A point in time by two clocks: one that never goes back, and one that goes on while the machine
 * sleeps.
 */
record Moment(long nanos, Instant wall) {
  static Moment now() {
    return new Moment(System.nanoTime(), Instant.now());
  }

  Moment plus(Duration length) {
    return new Moment(nanos + length.toNanos(), wall.plus(length));
  }

  /** Before it by both clocks. */
  boolean isBefore(Moment other) {
    return nanos - other.nanos < 0 && wall.isBefore(other.wall);
  }

  Duration since(Moment earlier) {
    return Duration.ofNanos(nanos - earlier.nanos);
  }
}
