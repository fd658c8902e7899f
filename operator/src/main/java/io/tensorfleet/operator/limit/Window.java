package io.tensorfleet.operator.limit;

import java.util.concurrent.TimeUnit;

/**
 * How many writes may be under way at once: doubles with each round of good answers up to where it
 * was cut last, then grows by one a round; halves when the API server says that it is overloaded,
 * and shrinks when its answers take far longer than usual, though not below what it begins with:
 * answers are slow as well when this process gets no processor. Additive increase, multiplicative
 * decrease, as TCP has it.
 *
 * @param size writes that may be under way
 * @param slowAfter from this size on it grows by one a round
 * @param cutAt nanoseconds, when it was cut last
 * @param usual nanoseconds that an answer takes in the long run
 * @param recent nanoseconds that the last answers took
 */
record Window(int most, double size, double slowAfter, long cutAt, double usual, double recent) {
  private static final int FIRST = 8;
  private static final double OVERLOADED = 0.5;
  private static final double SLOW = 0.8;
  private static final double FAR_LONGER = 4;
  private static final double NEVER_SLOW = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long ONE_CUT_IN = TimeUnit.MILLISECONDS.toNanos(200);

  static Window first(int most, long now) {
    return new Window(most, Math.min(FIRST, most), most, now - ONE_CUT_IN, 0, 0);
  }

  int places() {
    return (int) size;
  }

  /** After an answer that took so many nanoseconds. */
  Window answered(long latency, long now) {
    Window next = measured(latency);
    if (next.recent > Math.max(NEVER_SLOW, FAR_LONGER * next.usual)) {
      return next.cut(SLOW, Math.min(FIRST, most), now);
    }
    double step = size < slowAfter ? 1 : 1 / size;
    return new Window(most, Math.min(most, size + step), slowAfter, cutAt, next.usual, next.recent);
  }

  /** After the API server said that it has too much to do, or said nothing. */
  Window overloaded(long now) {
    return cut(OVERLOADED, 1, now);
  }

  /** Answers to what was sent at the same time cut it once. */
  private Window cut(double factor, int least, long now) {
    if (now - cutAt < ONE_CUT_IN) {
      return this;
    }
    double smaller = Math.min(size, Math.max(least, size * factor));
    return new Window(most, smaller, smaller, now, usual, recent);
  }

  /**
   * What is usual falls quickly and rises slowly, so that a slow hour does not become usual soon.
   */
  private Window measured(long latency) {
    if (usual == 0) {
      return new Window(most, size, slowAfter, cutAt, latency, latency);
    }
    double weight = latency < usual ? 0.05 : 0.001;
    return new Window(
        most,
        size,
        slowAfter,
        cutAt,
        usual + weight * (latency - usual),
        recent + 0.1 * (latency - recent));
  }
}
