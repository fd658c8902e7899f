package io.tensorfleet.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition of another process. */
public final class Await {
  private static final Duration POLL = Duration.ofMillis(50);

  private Await() {}

  public static <T> T value(Duration limit, String what, Supplier<Optional<T>> read) {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() - end < 0) {
      var value = read.get();
      if (value.isPresent()) {
        return value.get();
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    throw new AssertionError("waited " + limit.toSeconds() + " s in vain for " + what);
  }
}
