package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When slots may ask for work on the earlier wire: at once, or a pause after the failure of the ask
 * before. Times are nanoseconds of one monotonic clock. Not thread-safe.
 */
public final class AskBook {
  private final long pause;
  private final Deque<Long> pausedUntil = new ArrayDeque<>();
  private int outstanding;

  public AskBook(Duration pause) {
    this.pause = pause.toNanos();
  }

  /** How many of the free slots may ask now. */
  public int due(int free, long now) {
    while (!pausedUntil.isEmpty() && now - pausedUntil.peek() >= 0) {
      pausedUntil.remove();
    }
    return Math.max(0, free - pausedUntil.size());
  }

  public void asked() {
    outstanding++;
  }

  /** An ask has come back, with whatever answer. */
  public void back() {
    outstanding--;
  }

  /** One slot, free again, is to wait before it asks. */
  public void pause(long now) {
    pausedUntil.add(now + pause);
  }

  /** Asks that have not come back. */
  public int outstanding() {
    return outstanding;
  }
}
