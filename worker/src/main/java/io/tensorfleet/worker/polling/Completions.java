package io.tensorfleet.worker.polling;

import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.worker.core.PollBook;
import io.tensorfleet.worker.core.Texts;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.StopReason;

/** Makes the message that ends a task on the earlier wire. */
final class Completions {
  static final String DRAINS = "handed back: the worker drains";
  private static final int MAX_ERROR_BYTES = 4096;

  private final String workerId;

  Completions(String workerId) {
    this.workerId = workerId;
  }

  TaskCompletionRequest of(PollBook.Held held, RunEnd end) {
    return failed(held, error(end.how())).toBuilder()
        .setSuccess(end.how() instanceof RunEnd.Completed)
        .setLoss(end.metrics().loss())
        .setAccuracy(end.metrics().accuracy())
        .build();
  }

  TaskCompletionRequest failed(PollBook.Held held, String error) {
    return TaskCompletionRequest.newBuilder()
        .setTaskId(held.taskId())
        .setJobId(held.jobId())
        .setWorkerId(workerId)
        .setErrorMessage(Texts.cut(error, MAX_ERROR_BYTES))
        .build();
  }

  private static String error(RunEnd.How how) {
    return switch (how) {
      case RunEnd.Completed _ -> "";
      case RunEnd.Failed failed -> failed.error();
      case RunEnd.Stopped(StopReason reason, String detail) ->
          reason == StopReason.RETURNED ? DRAINS : detail;
    };
  }
}
