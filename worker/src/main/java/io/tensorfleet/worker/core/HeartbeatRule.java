package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.Optional;

/**
 * Whose heartbeat interval holds: the worker's own only where it was asked for and is below a third
 * of the lease.
 */
public final class HeartbeatRule {
  private HeartbeatRule() {}

  /**
   * What holds, and why not the worker's own.
   *
   * @param warning why the worker's own setting does not hold
   */
  public record Choice(Duration interval, Optional<String> warning) {}

  public static Choice choose(Optional<Duration> own, Duration lease, Duration orchestrators) {
    if (own.isEmpty()) {
      return new Choice(orchestrators, Optional.empty());
    }
    if (own.get().multipliedBy(3).compareTo(lease) < 0) {
      return new Choice(own.get(), Optional.empty());
    }
    String warning =
        "HEARTBEAT_INTERVAL %s is not below a third of the lease of %s; the orchestrator's %s holds"
            .formatted(
                GoDuration.format(own.get()),
                GoDuration.format(lease),
                GoDuration.format(orchestrators));
    return new Choice(orchestrators, Optional.of(warning));
  }
}
