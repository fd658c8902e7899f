package io.tensorfleet.worker.server;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.worker.CancelTaskRequest;
import io.tensorfleet.proto.worker.CancelTaskResponse;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.TaskResponse;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.proto.worker.WorkerStatusRequest;
import io.tensorfleet.proto.worker.WorkerStatusResponse;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.telemetry.HealthReport;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The worker's earlier gRPC service; its tasks take slots like leased ones. Handlers only hand
 * over.
 */
final class OldWire extends WorkerServiceGrpc.WorkerServiceImplBase {
  private final Session session;
  private final Runner runner;
  private final TaskTimeout timeout;
  private final Supplier<HealthReport> health;
  private final Map<String, Run> runs = new ConcurrentHashMap<>();

  OldWire(Session session, Runner runner, TaskTimeout timeout, Supplier<HealthReport> health) {
    this.session = session;
    this.runner = runner;
    this.timeout = timeout;
    this.health = health;
  }

  @Override
  public void getStatus(WorkerStatusRequest request, StreamObserver<WorkerStatusResponse> answer) {
    HealthReport report = health.get();
    answer.onNext(
        WorkerStatusResponse.newBuilder()
            .setWorkerId(report.workerId())
            .setStatus(report.status().name())
            .setCurrentTasks(report.facts().active())
            .setCompletedTasks((int) Math.min(Integer.MAX_VALUE, report.facts().completed()))
            .setCpuUsage(report.usage().cpuPercent())
            .setMemoryUsage((double) report.usage().memoryBytes())
            .build());
    answer.onCompleted();
  }

  @Override
  public void getWorkerStatus(
      WorkerStatusRequest request, StreamObserver<WorkerStatusResponse> answer) {
    getStatus(request, answer);
  }

  @Override
  public void executeTask(TaskRequest request, StreamObserver<TaskResponse> answer) {
    if (request.getTaskId().isEmpty()) {
      fail(answer, Status.INVALID_ARGUMENT, "task_id: \"\"; accepted: a name that is not empty");
      return;
    }
    var call = (ServerCallStreamObserver<TaskResponse>) answer;
    call.setOnCancelHandler(() -> left(request.getTaskId()));
    var _ = session.borrowSlot().thenAccept(slot -> execute(request, slot, call));
  }

  private void execute(
      TaskRequest request,
      Optional<Slots.Slot> slot,
      ServerCallStreamObserver<TaskResponse> answer) {
    String id = request.getTaskId();
    if (slot.isEmpty()) {
      fail(
          answer,
          Status.RESOURCE_EXHAUSTED,
          "no slot is free for the task %s: try again later".formatted(id));
    } else if (runs.containsKey(id)) {
      slot.get().close();
      fail(answer, Status.ALREADY_EXISTS, "the task %s runs here already".formatted(id));
    } else if (answer.isCancelled()) {
      slot.get().close();
    } else {
      TrainingTask task = TrainingTask.of(request);
      runner.start(task, slot.get(), timeout.effective(Optional.empty()), new Answering(answer));
    }
  }

  private void left(String id) {
    Optional.ofNullable(runs.get(id))
        .ifPresent(run -> run.stop(StopReason.CANCELLED, "the caller went away"));
  }

  private final class Answering implements RunEvents {
    private final StreamObserver<TaskResponse> answer;

    Answering(StreamObserver<TaskResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void started(Run run) {
      runs.put(run.task().taskId(), run);
    }

    @Override
    public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {}

    @Override
    public void ended(Run run, RunEnd end) {
      runs.remove(run.task().taskId(), run);
      if (end.how() instanceof RunEnd.Failed failed && !failed.retryable()) {
        fail(answer, Status.INVALID_ARGUMENT, failed.error());
        return;
      }
      answer.onNext(response(run, end));
      answer.onCompleted();
    }
  }

  private static TaskResponse response(Run run, RunEnd end) {
    String message =
        switch (end.how()) {
          case RunEnd.Completed _ -> "completed";
          case RunEnd.Failed failed -> failed.error();
          case RunEnd.Stopped stopped -> stopped.detail();
        };
    return TaskResponse.newBuilder()
        .setTaskId(run.task().taskId())
        .setSuccess(end.how() instanceof RunEnd.Completed)
        .setMessage(message)
        .setLoss(end.metrics().loss())
        .setAccuracy(end.metrics().accuracy())
        .build();
  }

  @Override
  public void cancelTask(CancelTaskRequest request, StreamObserver<CancelTaskResponse> answer) {
    String id = request.getTaskId();
    Run own = runs.get(id);
    if (own != null) {
      own.stop(StopReason.CANCELLED, "cancelled on request");
      cancelled(answer, id, true);
    } else {
      var _ =
          session
              .cancel(id, "cancelled on this worker")
              .thenAccept(found -> cancelled(answer, id, found));
    }
  }

  private static void cancelled(
      StreamObserver<CancelTaskResponse> answer, String id, boolean found) {
    String message = found ? "the task %s is being stopped" : "the task %s does not run here";
    answer.onNext(
        CancelTaskResponse.newBuilder()
            .setSuccess(found)
            .setMessage(message.formatted(id))
            .build());
    answer.onCompleted();
  }

  private static void fail(StreamObserver<?> answer, Status status, String sentence) {
    answer.onError(status.withDescription(sentence).asRuntimeException());
  }
}
