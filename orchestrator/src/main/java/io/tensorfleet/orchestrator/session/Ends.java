package io.tensorfleet.orchestrator.session;

import com.google.protobuf.util.Durations;
import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.store.Change.Report;
import io.tensorfleet.orchestrator.store.ResultStore.End;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.Metrics;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ReturnedLease;

/** Reads what workers say of an attempt's end. */
final class Ends {
  private static final int LONGEST_TEXT = 4_096;

  private Ends() {}

  static End of(Result result) {
    return new End(
        result.getToken(),
        event(result),
        new Report(
            result.getMetrics(),
            result.getArtifact(),
            ArtifactRef.getDefaultInstance(),
            Math.max(result.getEpochsDone(), 0),
            seconds(result)));
  }

  static End of(ReturnedLease returned) {
    String reason = text(returned.getReason(), "handed back");
    return new End(
        returned.getToken(),
        new TaskEvent.HandedBack(reason),
        new Report(
            Metrics.getDefaultInstance(),
            ArtifactRef.getDefaultInstance(),
            returned.getCheckpoint(),
            Math.max(returned.getEpochsDone(), 0),
            0));
  }

  private static TaskEvent event(Result result) {
    String error = result.getError();
    return switch (result.getOutcome()) {
      case OUTCOME_COMPLETED -> new TaskEvent.Completed();
      case OUTCOME_FAILED -> new TaskEvent.Failed(text(error, "failed without a reason"));
      case OUTCOME_NON_RETRYABLE ->
          new TaskEvent.NonRetryable(text(error, "failed without a reason"));
      case OUTCOME_TIMED_OUT -> new TaskEvent.TimedOut(text(error, "ran longer than allowed"));
      case OUTCOME_CANCELLED -> new TaskEvent.Cancelled(text(error, "cancelled"));
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          new TaskEvent.Failed("the worker named no outcome that is known here");
    };
  }

  private static double seconds(Result result) {
    return Durations.isValid(result.getDuration())
        ? Math.max(0, Durations.toNanos(result.getDuration()) / 1e9)
        : 0;
  }

  /** Without what a database cannot store, and bounded. */
  private static String text(String said, String otherwise) {
    String clean = said.replace("\0", "");
    return clean.isBlank() ? otherwise : clean.substring(0, Math.min(clean.length(), LONGEST_TEXT));
  }
}
