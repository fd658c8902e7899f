package io.tensorfleet.worker.core;

import java.time.Duration;

/**
 * Whether a worker lives: its loop, which comes round each 50 ms, did so within the last 30 s. One
 * that does not will never take another task, and a restart is what helps.
 */
public final class Liveness {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Liveness() {}

  public static boolean isAlive(Duration sinceLoop) {
    return sinceLoop.compareTo(PATIENCE) <= 0;
  }
}
