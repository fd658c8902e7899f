package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.TaskCounts;
import java.time.Duration;
import java.util.Optional;

/** What a job's counts say of its progress. */
public final class JobProgress {
  private JobProgress() {}

  /** Ended tasks of all, 0 to 100; 100 only when all have ended. */
  public static double percent(TaskCounts counts) {
    return counts.getTotal() == 0 ? 100 : 100.0 * ended(counts) / counts.getTotal();
  }

  /**
   * (waiting + half of running) × mean ÷ running: as if what runs is half done on average and as
   * many slots stay. Empty before a task has completed, and while tasks wait but none runs.
   */
  public static Optional<Duration> left(TaskCounts counts, double meanSeconds) {
    if (ended(counts) >= counts.getTotal()) {
      return Optional.of(Duration.ZERO);
    }
    if (meanSeconds <= 0 || counts.getRunning() == 0) {
      return Optional.empty();
    }
    double work = (counts.getWaiting() + counts.getRunning() / 2.0) * meanSeconds;
    return Optional.of(Duration.ofMillis(Math.round(1000 * work / counts.getRunning())));
  }

  /** The state of a job whose tasks have all ended, and that was not cancelled. */
  public static JobState end(TaskCounts counts) {
    return counts.getCompleted() == counts.getTotal()
        ? JobState.JOB_STATE_COMPLETED
        : JobState.JOB_STATE_FAILED;
  }

  private static long ended(TaskCounts counts) {
    return counts.getCompleted() + counts.getFailed() + counts.getCancelled() + counts.getExpired();
  }
}
