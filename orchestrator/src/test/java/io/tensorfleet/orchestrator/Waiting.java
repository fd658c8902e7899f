package io.tensorfleet.orchestrator;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions. */
final class Waiting {
  static final Duration LONG = Duration.ofSeconds(60);

  private Waiting() {}

  static void until(String what, BooleanSupplier holds) {
    find(what, () -> holds.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  static <T> T find(String what, Supplier<Optional<T>> look) {
    long end = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < end) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(2_000_000);
    }
    throw new AssertionError("waited 60 s in vain: " + what);
  }
}
