package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The epochs of a simulated run, one after the other from epoch 0; the same for the same task id
 * and plan, always.
 */
public final class SimulationSequence {
  private final SimulationPlan plan;
  private final SplittableRandom random;
  private int epoch;

  public SimulationSequence(SimulationPlan plan, String taskId) {
    this.plan = plan;
    this.random = new SplittableRandom(mixed(taskId, plan.seed()));
  }

  /**
   * One epoch.
   *
   * @param epoch from 0
   * @param length 200 to 500 ms, or the plan's own length, times its speed factor
   */
  public record Step(int epoch, EpochMetrics metrics, Duration length) {}

  /** The next one; there is no end to them. */
  public Step next() {
    Curves.Draw draw = new Curves.Draw(random.nextDouble(), random.nextDouble());
    Duration length = length(random.nextDouble());
    EpochMetrics metrics =
        Curves.at(plan.modelType(), plan.curve(), plan.firstEpoch() + epoch, draw);
    return new Step(epoch++, metrics, length);
  }

  private Duration length(double u) {
    double millis = plan.epochMillis().isPresent() ? plan.epochMillis().getAsInt() : 200 + 300 * u;
    return Duration.ofNanos(Math.round(millis * plan.speed() * 1_000_000));
  }

  /** A task's id (FNV-1a, 64 bits) and its seed in one number. */
  private static long mixed(String taskId, long seed) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < taskId.length(); i++) {
      hash = (hash ^ taskId.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ (seed * 0x9e3779b97f4a7c15L);
  }
}
