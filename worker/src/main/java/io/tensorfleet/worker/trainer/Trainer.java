package io.tensorfleet.worker.trainer;

import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;

/** Trains one task on the calling thread. Must stop soon after that thread is interrupted. */
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
    /**
     * An epoch is done.
     *
     * @param done epochs done, from 1
     * @param total epochs in all
     */
    void epoch(int done, int total, EpochMetrics metrics);
  }
}
