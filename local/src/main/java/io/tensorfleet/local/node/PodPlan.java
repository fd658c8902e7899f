package io.tensorfleet.local.node;

import java.time.Duration;
import java.util.Locale;

/**
 * What a Pod wants of the node.
 *
 * @param grace from SIGTERM to SIGKILL
 * @param startupProbe whether the program counts as started only when that probe has succeeded
 * @param readinessProbe whether it counts as ready only while that probe succeeds
 */
public record PodPlan(
    Restart restart,
    Duration grace,
    boolean startupProbe,
    boolean readinessProbe,
    BackOff backOff) {

  /** When a program that ended is started again. */
  public enum Restart {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    /** Reads a Pod's {@code restartPolicy}. */
    public static Restart of(String policy) {
      return switch (policy.toLowerCase(Locale.ROOT)) {
        case "never" -> NEVER;
        case "onfailure" -> ON_FAILURE;
        default -> ALWAYS;
      };
    }

    boolean wants(int exitCode) {
      return this == ALWAYS || (this == ON_FAILURE && exitCode != 0);
    }
  }

  /**
   * How long a program that keeps ending waits: not at all the first time, then {@code first},
   * doubled each time up to {@code longest}; a run of twice {@code longest} forgives.
   */
  public record BackOff(Duration first, Duration longest) {
    /** As a kubelet does it. */
    public static final BackOff KUBELET =
        new BackOff(Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** The wait before a start, after {@code crashes} ends in a row (≥ 1). */
    public Duration after(int crashes) {
      if (crashes <= 1) {
        return Duration.ZERO;
      }
      Duration wait = first;
      for (int i = 2; i < crashes && wait.compareTo(longest) < 0; i++) {
        wait = wait.multipliedBy(2);
      }
      return wait.compareTo(longest) < 0 ? wait : longest;
    }

    boolean forgives(Duration run) {
      return run.compareTo(longest.multipliedBy(2)) >= 0;
    }
  }
}
