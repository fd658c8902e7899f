package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a worker is ready: it has a session with an orchestrator and does not drain.
 *
 * <p>A worker that never had a session is not ready, so that a pool without an orchestrator is seen
 * as such; one that lost its session stays ready for 15 s, so that an orchestrator's restart does
 * not make a whole fleet unready.
 */
public final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Readiness() {}

  /**
   * Whether it is ready.
   *
   * @param sinceSession time since a session was last there; empty where there never was one
   */
  public static boolean isReady(DrainState drain, Optional<Duration> sinceSession) {
    return drain == DrainState.RUNNING
        && sinceSession.filter(gone -> gone.compareTo(PATIENCE) <= 0).isPresent();
  }
}
