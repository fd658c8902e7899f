package io.tensorfleet.worker.trainer;

import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import java.util.Optional;

/**
 * Trains one task on the calling thread. Must stop soon after that thread is interrupted, and leave
 * no thread behind: one that goes on for seconds is given up, and what it says is not heard.
 */
public interface Trainer {

  /**
   * Trains to the end.
   *
   * @return the metrics reached
   * @throws TrainingException where the run failed in a way that the trainer can name
   * @throws InterruptedException where it was stopped
   */
  EpochMetrics train(TrainingTask task, Progress progress)
      throws TrainingException, InterruptedException;

  /** Takes what a run reports; called from the run's thread, returns at once. */
  @FunctionalInterface
  interface Progress {
    void epoch(Epoch epoch);

    /** An epoch without a checkpoint. */
    default void epoch(int done, int total, EpochMetrics metrics) {
      epoch(new Epoch(done, total, metrics, Optional.empty()));
    }
  }
}
