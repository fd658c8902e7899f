package io.tensorfleet.worker.session;

import com.google.protobuf.Timestamp;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Metrics;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ReturnedLease;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.Texts;
import io.tensorfleet.worker.engine.RunEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Turns the worker's values into messages. */
final class Messages {
  private static final int MAX_TEXT_BYTES = 4096;

  private Messages() {}

  static Result result(LeaseToken token, RunEnd end) {
    return Result.newBuilder()
        .setToken(token)
        .setOutcome(outcome(end.how()))
        .setError(error(end.how()))
        .setMetrics(metrics(end.metrics()))
        .setEpochsDone(end.epochsDone())
        .setDuration(duration(end.duration()))
        .setStartedAt(timestamp(end.startedAt()))
        .build();
  }

  /** How far a task has come that is handed back. */
  record Reached(int epochsDone, Optional<ArtifactRef> checkpoint) {}

  static ReturnedLease returned(LeaseToken token, String reason, Reached reached) {
    ReturnedLease.Builder lease =
        ReturnedLease.newBuilder()
            .setToken(token)
            .setReason(cut(reason))
            .setEpochsDone(reached.epochsDone());
    reached.checkpoint().ifPresent(lease::setCheckpoint);
    return lease.build();
  }

  /** Without the epoch's checkpoint, whose reference is made when it is sent. */
  static Progress progress(LeaseToken token, Epoch epoch) {
    EpochMetrics metrics = epoch.metrics();
    String line =
        String.format(
            Locale.ROOT,
            "epoch %d/%d loss=%.4f accuracy=%.4f validation_loss=%.4f",
            epoch.done(),
            epoch.total(),
            metrics.loss(),
            metrics.accuracy(),
            metrics.validationLoss());
    return Progress.newBuilder()
        .setToken(token)
        .setEpochsDone(epoch.done())
        .setEpochsTotal(epoch.total())
        .setMetrics(metrics(metrics))
        .addLogLines(line)
        .build();
  }

  private static Outcome outcome(RunEnd.How how) {
    return switch (how) {
      case RunEnd.Completed _ -> Outcome.OUTCOME_COMPLETED;
      case RunEnd.Failed failed ->
          failed.retryable() ? Outcome.OUTCOME_FAILED : Outcome.OUTCOME_NON_RETRYABLE;
      case RunEnd.Stopped stopped ->
          switch (stopped.reason()) {
            case TIMED_OUT -> Outcome.OUTCOME_TIMED_OUT;
            case CANCELLED -> Outcome.OUTCOME_CANCELLED;
            case LOST, RETURNED -> Outcome.OUTCOME_UNSPECIFIED;
          };
    };
  }

  static String error(RunEnd.How how) {
    return switch (how) {
      case RunEnd.Completed _ -> "";
      case RunEnd.Failed failed -> cut(failed.error());
      case RunEnd.Stopped stopped -> cut(stopped.detail());
    };
  }

  private static Metrics metrics(EpochMetrics metrics) {
    return Metrics.newBuilder()
        .setLoss(metrics.loss())
        .setAccuracy(metrics.accuracy())
        .setValidationLoss(metrics.validationLoss())
        .build();
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static String cut(String text) {
    return Texts.cut(text, MAX_TEXT_BYTES);
  }
}
