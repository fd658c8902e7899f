package io.tensorfleet.operator.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A cordon that the operator set and that the Pod's deletion did not follow: the Pod had changed,
 * or the API server refused. The worker is an ordinary one to the next plan; unless that removes
 * it, the cordon is lifted.
 *
 * @param liftedAt when the orchestrator lifted it; snapshots may show it for a while still
 */
record OwnCordon(String worker, String incarnation, Optional<Instant> liftedAt) {
  /** Longer than the pause between two snapshots. */
  private static final Duration SHOWN_STILL = Duration.ofSeconds(15);

  static OwnCordon set(String worker, String incarnation) {
    return new OwnCordon(worker, incarnation, Optional.empty());
  }

  OwnCordon lifted(Instant now) {
    return new OwnCordon(worker, incarnation, Optional.of(now));
  }

  boolean isLifted() {
    return liftedAt.isPresent();
  }

  /** No snapshot shows it any more. */
  boolean isOver(Instant now) {
    return liftedAt.map(at -> !now.isBefore(at.plus(SHOWN_STILL))).orElse(false);
  }
}
