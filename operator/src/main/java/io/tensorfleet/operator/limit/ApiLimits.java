package io.tensorfleet.operator.limit;

/**
 * What the operator allows itself of the API server, over all pools.
 *
 * @param perSecond writes a second in the long run
 * @param burst writes that may come at once after a quiet time
 * @param concurrency the most writes under way at once; fewer while the API server is overloaded
 */
public record ApiLimits(int perSecond, int burst, int concurrency) {
  public ApiLimits {
    if (perSecond < 1 || burst < 1 || concurrency < 1) {
      throw new IllegalArgumentException("limits of the API server are at least 1");
    }
  }

  public static ApiLimits usual() {
    return new ApiLimits(1_000, 2_000, 32);
  }
}
