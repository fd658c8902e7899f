package io.tensorfleet.operator.pool;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How the cost of some work grows with its size. Costs are the processor's time of this thread, the
 * least of many rounds, and are compared with one another, never with a clock. What disturbs a
 * measurement makes some size look dear; the best of a few attempts is therefore believed.
 */
final class Growth {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 9;
  private static final int ATTEMPTS = 5;

  private Growth() {}

  /** The exponent that fits best, where the cost is a power of the size; 1 is linear. */
  static double power(IntFunction<Runnable> workOfSize, double limit, int... sizes) {
    List<Runnable> works = Arrays.stream(sizes).mapToObj(workOfSize).toList();
    double[] logs = Arrays.stream(sizes).mapToDouble(Math::log).toArray();
    return best(limit, () -> slope(logs, Arrays.stream(costs(works)).map(Math::log).toArray()));
  }

  /** How many times as much the one costs as the other. */
  static double ratio(Runnable one, Runnable other, double limit) {
    return best(
        limit,
        () -> {
          double[] costs = costs(List.of(one, other));
          return costs[0] / costs[1];
        });
  }

  private static double best(double limit, DoubleSupplier measure) {
    double best = measure.getAsDouble();
    for (int attempt = 1; attempt < ATTEMPTS && best >= limit; attempt++) {
      best = Math.min(best, measure.getAsDouble());
    }
    return best;
  }

  private static double[] costs(List<Runnable> works) {
    double[] least = new double[works.size()];
    Arrays.fill(least, Double.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int at = 0; at < least.length; at++) {
        least[at] = Math.min(least[at], cost(works.get(at)));
      }
    }
    return least;
  }

  private static double cost(Runnable work) {
    long before = THREADS.getCurrentThreadCpuTime();
    work.run();
    return (double) Math.max(1, THREADS.getCurrentThreadCpuTime() - before);
  }

  /** Of the line with the least squares. */
  private static double slope(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double both =
        IntStream.range(0, x.length).mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY)).sum();
    double own = Arrays.stream(x).map(v -> (v - meanX) * (v - meanX)).sum();
    return both / own;
  }
}
