package io.tensorfleet.operator.limit;

import java.util.concurrent.TimeUnit;

/**
 * So many writes a second, more after a quiet time.
 *
 * @param tokens writes that may come now
 * @param at nanoseconds, when that was
 */
record TokenBucket(int perSecond, int burst, double tokens, long at) {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  static TokenBucket full(ApiLimits limits, long now) {
    return new TokenBucket(limits.perSecond(), limits.burst(), limits.burst(), now);
  }

  /** The same at a later time. */
  TokenBucket at(long now) {
    double more = Math.max(0, now - at) / SECOND * perSecond;
    return new TokenBucket(perSecond, burst, Math.min(burst, tokens + more), now);
  }

  /** Nanoseconds until a write may come; 0 is now. */
  long pause() {
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perSecond * SECOND);
  }

  /** After one write. */
  TokenBucket taken() {
    return new TokenBucket(perSecond, burst, tokens - 1, at);
  }
}
