package io.tensorfleet.operator.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides which of the waiting writes begin now: within the window, the rate and a pause that the
 * API server asked for, and fairly between pools. Times are nanoseconds that somebody else reads
 * from a clock; not for several threads.
 *
 * @param <T> what waits
 */
final class Admission<P, T> {
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(30);

  private final Turns<P, T> turns = new Turns<>();
  private TokenBucket bucket;
  private Window window;
  private int underWay;
  private int overloads;
  private long pausedUntil;

  Admission(ApiLimits limits, long now) {
    this.bucket = TokenBucket.full(limits, now);
    this.window = Window.first(limits.concurrency(), now);
    this.pausedUntil = now;
  }

  /**
   * What begins now, and when to ask again although nothing ends.
   *
   * @param again nanoseconds from now; empty when only the end of a write, or a new one, changes
   *     anything
   */
  record Turn<T>(List<T> begin, Optional<Long> again) {}

  void wait(P pool, T one) {
    turns.add(pool, one);
  }

  /** It does not wait any longer; false when it has begun. */
  boolean leave(P pool, T one) {
    return turns.remove(pool, one);
  }

  Turn<T> next(long now) {
    List<T> begin = new ArrayList<>();
    while (turns.size() > 0 && underWay < window.places()) {
      long pause = pause(now);
      if (pause > 0) {
        return new Turn<>(begin, Optional.of(pause));
      }
      bucket = bucket.taken();
      underWay++;
      turns.next().ifPresent(begin::add);
    }
    return new Turn<>(begin, Optional.empty());
  }

  private long pause(long now) {
    bucket = bucket.at(now);
    return Math.max(bucket.pause(), pausedUntil - now);
  }

  /** A write was answered, with yes or no, after so many nanoseconds. */
  void answered(long latency, long now) {
    underWay--;
    overloads = 0;
    window = window.answered(latency, now);
  }

  /**
   * A write met an API server with too much to do.
   *
   * @param retryAfter what the API server asked for
   */
  void overloaded(Optional<Duration> retryAfter, long now) {
    underWay--;
    window = window.overloaded(now);
    if (retryAfter.isEmpty() && now >= pausedUntil) {
      overloads++;
    }
    pause(retryAfter.orElse(Duration.ofNanos(FIRST_PAUSE << Math.clamp(overloads - 1, 0, 8))), now);
  }

  /** Nothing begins for so long, within reason. */
  void pause(Duration time, long now) {
    pausedUntil = Math.max(pausedUntil, now + Math.min(LONGEST_PAUSE, time.toNanos()));
  }

  /** What had begun was never sent. */
  void unused() {
    underWay--;
  }

  /** All who wait leave. */
  List<T> empty() {
    List<T> all = new ArrayList<>();
    for (Optional<T> one = turns.next(); one.isPresent(); one = turns.next()) {
      all.add(one.get());
    }
    return all;
  }

  int places() {
    return window.places();
  }

  int waiting() {
    return turns.size();
  }
}
