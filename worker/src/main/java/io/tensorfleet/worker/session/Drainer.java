package io.tensorfleet.worker.session;

import io.tensorfleet.worker.core.DrainState;
import java.time.Duration;

/** Keeps the step of a worker's leave and when it began. Used by the session's thread alone. */
final class Drainer {
  private static final long HAND_BACK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LEAVE_NANOS = Duration.ofSeconds(1).toNanos();

  private final long drainNanos;
  private DrainState state = DrainState.RUNNING;
  private Exit exit = new Exit(0, "");
  private boolean hastened;
  private long stepSince;

  Drainer(Duration drainTimeout) {
    this.drainNanos = drainTimeout.toNanos();
  }

  DrainState state() {
    return state;
  }

  Exit exit() {
    return exit;
  }

  /** Whether the drain was asked for more than once. */
  boolean hastened() {
    return hastened;
  }

  /** Begins; asked again, the drain time counts as passed. */
  void ask(Exit cause, long now) {
    hastened = state != DrainState.RUNNING;
    exit = cause;
    if (!hastened) {
      enter(DrainState.DRAINING, now);
    }
  }

  DrainState advance(long now, int running, int unacknowledged) {
    long inStep = now - stepSince;
    boolean drainTimeUp = hastened || inStep >= drainNanos;
    DrainState next =
        state.next(
            new DrainState.Facts(running, unacknowledged, drainTimeUp, inStep >= HAND_BACK_NANOS));
    if (next != state) {
      enter(next, now);
    }
    return state;
  }

  boolean leftLongAgo(long now) {
    return state == DrainState.LEAVING && now - stepSince >= LEAVE_NANOS;
  }

  private void enter(DrainState next, long now) {
    state = next;
    stepSince = now;
  }
}
