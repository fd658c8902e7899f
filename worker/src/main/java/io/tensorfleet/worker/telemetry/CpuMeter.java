package io.tensorfleet.worker.telemetry;

import java.util.function.LongSupplier;

/**
 * Percent of one core that a process used between two readings, from its processor time and a
 * clock, both in nanoseconds. Used by one thread at a time.
 */
final class CpuMeter {
  private final LongSupplier used;
  private final LongSupplier clock;
  private long usedThen;
  private long then;

  CpuMeter(LongSupplier used, LongSupplier clock) {
    this.used = used;
    this.clock = clock;
    this.usedThen = used.getAsLong();
    this.then = clock.getAsLong();
  }

  /** Since the last call, or since it was made; 0 where no time has passed. */
  double percent() {
    long usedNow = used.getAsLong();
    long now = clock.getAsLong();
    long passed = now - then;
    double percent = passed > 0 ? Math.max(0, usedNow - usedThen) * 100.0 / passed : 0;
    usedThen = usedNow;
    then = now;
    return percent;
  }
}
