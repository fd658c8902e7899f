package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.EpochMetrics;

/**
 * Hears of a run: of its start on the caller's thread, of the rest on the run's own, or on a
 * timer's where the trainer is given up. Must return at once.
 */
public interface RunEvents {
  default void started(Run run) {}

  /** Never comes after the end; {@link Run#checkpoint} is the one of this epoch. */
  void progressed(Run run, int epochsTotal, EpochMetrics metrics);

  /** Comes exactly once, after the slot is free again. */
  void ended(Run run, RunEnd end);
}
