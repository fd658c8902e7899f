package io.tensorfleet.worker.server;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.TaskResponse;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.StopReason;
import org.jspecify.annotations.Nullable;

/**
 * One caller's ExecuteTask, from its request to its answer. A caller who goes away, or whose
 * deadline passes, stops its own run and no other.
 */
final class ExecuteCall implements RunEvents {
  private final TaskRequest request;
  private final ServerCallStreamObserver<TaskResponse> answer;
  private final Done done;
  private final @Nullable Deadline deadline = Context.current().getDeadline();

  private @Nullable Run run;
  private RunEnd.@Nullable Stopped stoppedBefore;
  private boolean left;

  /** Hears once that nothing runs for the call any more. */
  interface Done {
    void done(ExecuteCall call);
  }

  /** Made on the call's own thread, before anything of it runs. */
  ExecuteCall(TaskRequest request, ServerCallStreamObserver<TaskResponse> answer, Done done) {
    this.request = request;
    this.answer = answer;
    this.done = done;
    answer.setOnCancelHandler(this::leave);
  }

  TaskRequest request() {
    return request;
  }

  synchronized boolean left() {
    return left;
  }

  private synchronized void leave() {
    left = true;
    boolean late = deadline != null && deadline.isExpired();
    stop(StopReason.CANCELLED, late ? "the caller's deadline passed" : "the caller went away");
  }

  /** Stops the run, or what will be its run; the caller hears why. */
  synchronized void stop(StopReason reason, String detail) {
    if (run != null) {
      run.stop(reason, detail);
    } else {
      stoppedBefore = new RunEnd.Stopped(reason, detail);
    }
  }

  /** Ends the call without a run. */
  void refuse(Status status) {
    done.done(this);
    answer.onError(status.asRuntimeException());
  }

  @Override
  public synchronized void started(Run begun) {
    run = begun;
    if (stoppedBefore != null) {
      begun.stop(stoppedBefore.reason(), stoppedBefore.detail());
    }
  }

  @Override
  public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {}

  @Override
  public void ended(Run ended, RunEnd end) {
    switch (end.how()) {
      case RunEnd.Failed failed when !failed.retryable() ->
          refuse(Refusals.status(Status.INVALID_ARGUMENT, failed.error()));
      case RunEnd.Stopped(StopReason reason, String detail) when reason == StopReason.RETURNED ->
          refuse(Refusals.status(Status.UNAVAILABLE, detail));
      case RunEnd.Completed _, RunEnd.Failed _, RunEnd.Stopped _ -> answer(end);
    }
  }

  private void answer(RunEnd end) {
    done.done(this);
    answer.onNext(response(end));
    answer.onCompleted();
  }

  private TaskResponse response(RunEnd end) {
    String message =
        switch (end.how()) {
          case RunEnd.Completed _ -> "completed";
          case RunEnd.Failed failed -> failed.error();
          case RunEnd.Stopped stopped -> stopped.detail();
        };
    return TaskResponse.newBuilder()
        .setTaskId(request.getTaskId())
        .setSuccess(end.how() instanceof RunEnd.Completed)
        .setMessage(message)
        .setLoss(end.metrics().loss())
        .setAccuracy(end.metrics().accuracy())
        .build();
  }
}
