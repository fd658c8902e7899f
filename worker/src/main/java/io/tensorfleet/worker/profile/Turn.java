package io.tensorfleet.worker.profile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/** Lets one profile be made at a time. */
final class Turn {
  private final Semaphore free = new Semaphore(1);
  private final InstantSource clock;
  private volatile Instant until = Instant.MIN;

  Turn(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes the turn for about this long; false where another has it. */
  boolean take(Duration length) {
    if (!free.tryAcquire()) {
      return false;
    }
    until = clock.instant().plus(length);
    return true;
  }

  void done() {
    free.release();
  }

  /** After how many seconds asking again may help, at least 1. */
  long retryAfterSeconds() {
    return Math.max(1, Duration.between(clock.instant(), until).plusMillis(999).toSeconds());
  }
}
