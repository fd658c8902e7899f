package io.tensorfleet.orchestrator.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a task waits before its next try: doubles with each, up to a longest, and is then drawn
 * from its upper half.
 */
public record Backoff(Duration first, Duration longest) {
  public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

  public Backoff {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "back-off " + first + " to " + longest + ": expected 0 < first <= longest");
    }
  }

  /**
   * The wait after {@code spent} tries (from 1): between half and the whole of min(longest, first ×
   * 2^(spent-1)).
   */
  public Duration after(int spent, RandomGenerator random) {
    int doublings = Math.clamp(spent - 1L, 0, 20);
    long whole = Math.min(longest.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }
}
