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
import io.tensorfleet.worker.core.RequestCheck;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.session.Loan;
import io.tensorfleet.worker.telemetry.HealthReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's earlier gRPC service; its tasks take slots like leased ones. Handlers only hand
 * over. Whichever worker a status call names, this one answers for itself, as the earlier workers
 * did.
 */
final class OldWire extends WorkerServiceGrpc.WorkerServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(OldWire.class);

  private final GrpcEndpoints.OldWireParts parts;
  private final Map<String, ExecuteCall> calls = new ConcurrentHashMap<>();

  OldWire(GrpcEndpoints.OldWireParts parts) {
    this.parts = parts;
  }

  @Override
  public void getStatus(WorkerStatusRequest request, StreamObserver<WorkerStatusResponse> answer) {
    HealthReport report = parts.health().get();
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
    String id = request.getTaskId();
    ExecuteCall call =
        new ExecuteCall(
            request,
            (ServerCallStreamObserver<TaskResponse>) answer,
            ended -> calls.remove(id, ended));
    List<String> mistakes = RequestCheck.mistakes(request);
    if (!mistakes.isEmpty()) {
      call.refuse(Refusals.status(Status.INVALID_ARGUMENT, String.join("; ", mistakes)));
    } else if (calls.putIfAbsent(id, call) != null) {
      call.refuse(Refusals.runsAlready(id));
    } else {
      var _ =
          parts
              .session()
              .borrowSlot(id)
              .thenAccept(loan -> begin(call, loan))
              .exceptionally(failure -> stumbled(call, failure));
    }
  }

  private void begin(ExecuteCall call, Loan loan) {
    switch (loan) {
      case Loan.Lent(var slot) when call.left() -> {
        slot.close();
        call.refuse(Status.CANCELLED);
      }
      case Loan.Lent(var slot) ->
          parts
              .runner()
              .start(
                  TrainingTask.of(call.request()),
                  slot,
                  parts.timeout().effective(Optional.empty()),
                  call);
      case Loan.Refused refused -> call.refuse(Refusals.of(refused, call.request().getTaskId()));
    }
  }

  @SuppressWarnings("NullAway") // a future of nothing ends with null
  private static Void stumbled(ExecuteCall call, Throwable failure) {
    LOG.error("the task {} could not be begun", call.request().getTaskId(), failure);
    call.refuse(Refusals.status(Status.INTERNAL, Guard.SENTENCE));
    return null;
  }

  /** Stops what still runs: the drain time is up. */
  void giveUp() {
    calls.values().forEach(call -> call.stop(StopReason.RETURNED, Refusals.DRAINS));
  }

  @Override
  public void cancelTask(CancelTaskRequest request, StreamObserver<CancelTaskResponse> answer) {
    String id = request.getTaskId();
    List<String> mistakes = RequestCheck.mistakes(id);
    if (!mistakes.isEmpty()) {
      Status status = Refusals.status(Status.INVALID_ARGUMENT, String.join("; ", mistakes));
      answer.onError(status.asRuntimeException());
      return;
    }
    Optional<ExecuteCall> own = Optional.ofNullable(calls.get(id));
    own.ifPresent(call -> call.stop(StopReason.CANCELLED, "cancelled on request"));
    var _ =
        parts
            .session()
            .cancel(id, "cancelled on this worker")
            .thenAccept(leased -> cancelled(answer, id, own.isPresent() || leased));
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
}
