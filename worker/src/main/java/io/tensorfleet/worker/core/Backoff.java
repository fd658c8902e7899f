package io.tensorfleet.worker.core;

import java.time.Duration;

/**
 * How long to wait before the next try to reach the orchestrator: from 100 ms, doubling, to 5 s,
 * with jitter.
 */
public final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long MAX_MILLIS = 5_000;

  private Backoff() {}

  /**
   * The wait after so many failures.
   *
   * @param failures tries that failed in a row, from 1
   * @param u uniform in [0,1)
   * @return between 100 ms and 5 s; above the first step, the upper half of the step
   */
  public static Duration delay(int failures, double u) {
    long step = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.clamp(failures, 1, 7));
    return Duration.ofMillis(Math.max(FIRST_MILLIS, Math.round(step * (0.5 + u / 2))));
  }
}
