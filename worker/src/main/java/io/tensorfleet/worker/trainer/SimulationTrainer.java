package io.tensorfleet.worker.trainer;

import io.tensorfleet.worker.core.Curves;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.TrainingTask;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Pretends to train: waits for each epoch's length and reports the metrics of a {@link Curves
 * curve}.
 */
public final class SimulationTrainer implements Trainer {
  private final SimulationPlan.Defaults defaults;
  private final Pause pause;

  /** How a run waits; throws where it is interrupted meanwhile. */
  @FunctionalInterface
  public interface Pause {
    void lasting(Duration length) throws InterruptedException;
  }

  public SimulationTrainer(SimulationPlan.Defaults defaults, Pause pause) {
    this.defaults = defaults;
    this.pause = pause;
  }

  @Override
  public EpochMetrics train(TrainingTask task, Progress progress)
      throws TrainingException, InterruptedException {
    return switch (SimulationPlan.of(task, defaults)) {
      case SimulationPlan.Accepted(SimulationPlan plan) -> run(plan, task, progress);
      case SimulationPlan.Refused refused ->
          throw new TrainingException(
              "the task %s cannot be trained: %s"
                  .formatted(task.taskId(), String.join("; ", refused.mistakes())),
              false);
    };
  }

  private EpochMetrics run(SimulationPlan plan, TrainingTask task, Progress progress)
      throws TrainingException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed(task.taskId(), plan.seed()));
    EpochMetrics metrics = EpochMetrics.NONE;
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      Curves.Draw draw = new Curves.Draw(random.nextDouble(), random.nextDouble());
      Duration length = length(plan, random.nextDouble());
      metrics = Curves.at(plan.modelType(), plan.curve(), plan.firstEpoch() + epoch, draw);
      if (epoch >= task.resumeEpoch()) {
        work(plan, epoch, length);
        progress.epoch(epoch + 1, plan.epochs(), metrics);
      }
    }
    return metrics;
  }

  private void work(SimulationPlan plan, int epoch, Duration length)
      throws TrainingException, InterruptedException {
    if (plan.failAtEpoch().isPresent() && plan.failAtEpoch().getAsInt() == epoch) {
      throw new TrainingException(
          "failed at epoch %d, as simulation.fail_at_epoch asks".formatted(epoch), true);
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (length.isPositive()) {
      pause.lasting(length);
    }
  }

  /** 200 to 500 ms, or the plan's own length, times its speed factor. */
  private static Duration length(SimulationPlan plan, double u) {
    double millis = plan.epochMillis().isPresent() ? plan.epochMillis().getAsInt() : 200 + 300 * u;
    return Duration.ofNanos(Math.round(millis * plan.speed() * 1_000_000));
  }

  /** Mixes a task's id (FNV-1a, 64 bits) with its seed. */
  static long seed(String taskId, long seed) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < taskId.length(); i++) {
      hash = (hash ^ taskId.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ (seed * 0x9e3779b97f4a7c15L);
  }
}
