package io.tensorfleet.worker.trainer;

import io.tensorfleet.worker.core.Checkpoint;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.SimulationCheckpoint;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.SimulationSequence;
import io.tensorfleet.worker.core.TrainingTask;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pretends to train: waits for each epoch's length and reports the metrics of a {@link
 * io.tensorfleet.worker.core.Curves curve}, each time with a checkpoint. A run that goes on from
 * one reports what it would have reported uninterrupted; a checkpoint that cannot be used costs the
 * epochs, not the task.
 */
public final class SimulationTrainer implements Trainer {
  private static final Logger LOG = LoggerFactory.getLogger(SimulationTrainer.class);

  private final SimulationPlan.Defaults defaults;
  private final Pause pause;
  private final Runnable crash;

  /** How a run waits; throws where it is interrupted meanwhile. */
  @FunctionalInterface
  public interface Pause {
    void lasting(Duration length) throws InterruptedException;
  }

  /**
   * A trainer.
   *
   * @param crash ends the process on the spot, for tasks that ask for it where that is allowed
   */
  public SimulationTrainer(SimulationPlan.Defaults defaults, Pause pause, Runnable crash) {
    this.defaults = defaults;
    this.pause = pause;
    this.crash = crash;
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
    int resumed = resumed(plan, task);
    SimulationSequence sequence = new SimulationSequence(plan, task.taskId());
    EpochMetrics metrics = EpochMetrics.NONE;
    for (int done = 1; done <= plan.epochs(); done++) {
      SimulationSequence.Step step = sequence.next();
      metrics = step.metrics();
      if (done > resumed) {
        work(plan, step);
        Checkpoint checkpoint = new SimulationCheckpoint(done, plan.seed(), metrics);
        progress.epoch(new Epoch(done, plan.epochs(), metrics, Optional.of(checkpoint)));
      }
    }
    return metrics;
  }

  /** The epochs that the task's checkpoint spares; 0 where it has none that can be used. */
  private static int resumed(SimulationPlan plan, TrainingTask task) {
    if (task.checkpoint().isEmpty()) {
      return 0;
    }
    return switch (SimulationCheckpoint.of(task.checkpoint().get(), plan, task.taskId())) {
      case SimulationCheckpoint.Whole(SimulationCheckpoint whole) -> whole.epochsDone();
      case SimulationCheckpoint.Broken(String why) -> {
        LOG.warn("it begins anew, its checkpoint is of no use: {}", why);
        yield 0;
      }
    };
  }

  private void work(SimulationPlan plan, SimulationSequence.Step step)
      throws TrainingException, InterruptedException {
    if (is(step, plan.harm().exitAtEpoch())) {
      crash.run();
    }
    if (is(step, plan.failAtEpoch())) {
      throw new TrainingException(
          "failed at epoch %d, as simulation.fail_at_epoch asks".formatted(step.epoch()), true);
    }
    if (plan.harm().ignoresStop()) {
      stubbornly(step.length());
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    } else if (step.length().isPositive()) {
      pause.lasting(step.length());
    }
  }

  private static boolean is(SimulationSequence.Step step, OptionalInt epoch) {
    return epoch.isPresent() && epoch.getAsInt() == step.epoch();
  }

  /** Waits whatever comes; the thread is not interrupted any more afterwards. */
  private void stubbornly(Duration length) {
    long until = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0; left = until - System.nanoTime()) {
      try {
        pause.lasting(Duration.ofNanos(left));
        return;
      } catch (InterruptedException _) {
        // this is what ignoring means
      }
    }
  }
}
