package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.EpochMetrics;

/** Hears of a run: of its start on the caller's thread, of the rest on the run's own. */
public interface RunEvents {
  default void started(Run run) {}

  void progressed(Run run, int epochsTotal, EpochMetrics metrics);

  /** Comes exactly once, after the slot is free again. */
  void ended(Run run, RunEnd end);
}
