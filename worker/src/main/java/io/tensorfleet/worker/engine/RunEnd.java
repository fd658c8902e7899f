package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.EpochMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param metrics of the last epoch done
 * @param epochsDone epochs done in all, those resumed from included
 */
public record RunEnd(
    How how, EpochMetrics metrics, int epochsDone, Instant startedAt, Duration duration) {

  /** The ways to end. */
  public sealed interface How {}

  public record Completed() implements How {}

  public record Failed(String error, boolean retryable) implements How {}

  public record Stopped(StopReason reason, String detail) implements How {}

  public Optional<StopReason> stopReason() {
    return how instanceof Stopped stopped ? Optional.of(stopped.reason()) : Optional.empty();
  }

  /** The word for it in {@code worker_tasks_completed_total}. */
  public String statusLabel() {
    return switch (how) {
      case Completed _ -> "completed";
      case Failed _ -> "failed";
      case Stopped(StopReason reason, String _) ->
          switch (reason) {
            case CANCELLED -> "cancelled";
            case TIMED_OUT -> "timeout";
            case LOST, RETURNED -> "returned";
          };
    };
  }
}
