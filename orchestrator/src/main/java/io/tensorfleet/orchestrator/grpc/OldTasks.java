package io.tensorfleet.orchestrator.grpc;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.tensorfleet.orchestrator.core.HelloCheck;
import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.orchestrator.dispatch.Aftermath;
import io.tensorfleet.orchestrator.session.OldWorkers;
import io.tensorfleet.orchestrator.session.OldWorkers.Asking;
import io.tensorfleet.orchestrator.store.Change;
import io.tensorfleet.orchestrator.store.ClaimStore.Claimed;
import io.tensorfleet.orchestrator.store.ResultStore;
import io.tensorfleet.orchestrator.store.TaskReads;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.HeartbeatResponse;
import io.tensorfleet.proto.orchestrator.RegisterWorkerRequest;
import io.tensorfleet.proto.orchestrator.RegisterWorkerResponse;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Metrics;
import io.tensorfleet.proto.v1.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gives tasks to workers of the old wire and takes their results. Blocking, except for the wait for
 * a task.
 */
public final class OldTasks {
  private static final long LONGEST_WAIT_MILLIS = 5_000;
  private final OldWorkers workers;
  private final Stores stores;
  private final Runnable wakeDispatcher;
  private final Duration heartbeat;

  /** Where results go. */
  public record Stores(TaskReads tasks, ResultStore results, Aftermath aftermath) {}

  public OldTasks(OldWorkers workers, Stores stores, Runnable wakeDispatcher, Duration heartbeat) {
    this.workers = workers;
    this.stores = stores;
    this.wakeDispatcher = wakeDispatcher;
    this.heartbeat = heartbeat;
  }

  void assign(String workerId, ServerCallStreamObserver<AssignTaskResponse> out)
      throws StatusException {
    checkWorker(workerId);
    Optional<Asking> asking = workers.ask(workerId);
    if (asking.isEmpty()) {
      throw Status.FAILED_PRECONDITION
          .withDescription("worker '" + workerId + "' has a Work stream: its tasks come there")
          .asException();
    }
    var _ =
        asking
            .get()
            .answer()
            .orTimeout(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS)
            .whenComplete(
                (claimed, late) -> answer(asking.get(), Optional.ofNullable(claimed), out));
    wakeDispatcher.run();
  }

  private void answer(
      Asking asking, Optional<Claimed> claimed, ServerCallStreamObserver<AssignTaskResponse> out) {
    if (claimed.isEmpty()) {
      workers.withdraw(asking);
      out.onError(Status.UNKNOWN.withDescription("no tasks available").asRuntimeException());
    } else if (out.isCancelled()) {
      workers.handBack(claimed.get());
    } else {
      out.onNext(response(claimed.get()));
      out.onCompleted();
    }
  }

  private static AssignTaskResponse response(Claimed claimed) {
    TaskSpec spec = claimed.job().spec(claimed.key().index());
    return AssignTaskResponse.newBuilder()
        .setTaskId(claimed.token().getTaskId())
        .setJobId(claimed.job().jobId())
        .setModelType(spec.getModelType())
        .setDatasetPath(spec.getDatasetPath())
        .putAllHyperparameters(spec.getHyperparametersMap())
        .setEpoch(spec.getEpoch())
        .setBatchStart(spec.getBatchStart())
        .setBatchEnd(spec.getBatchEnd())
        .build();
  }

  TaskCompletionResponse complete(TaskCompletionRequest request) throws StatusException {
    checkWorker(request.getWorkerId());
    Optional<LeaseToken> token = token(request.getTaskId(), request.getWorkerId());
    if (token.isEmpty()) {
      return completion(false, "the task is not this worker's any more; nothing was changed");
    }
    workers.beat(request.getWorkerId(), Heartbeat.getDefaultInstance());
    String error = request.getErrorMessage().replace("\0", "");
    TaskEvent event =
        request.getSuccess()
            ? new TaskEvent.Completed()
            : new TaskEvent.Failed(error.isBlank() ? "failed without a reason" : error);
    Metrics metrics =
        Metrics.newBuilder().setLoss(request.getLoss()).setAccuracy(request.getAccuracy()).build();
    ArtifactRef none = ArtifactRef.getDefaultInstance();
    ResultStore.End end =
        new ResultStore.End(token.get(), event, new Change.Report(metrics, none, none, 1, 0));
    ResultStore.Outcome outcome = stores.results().store(List.of(end));
    stores.aftermath().of(outcome.applied());
    boolean accepted = !outcome.accepted().isEmpty();
    return completion(accepted, accepted ? "accepted" : "the task had ended already");
  }

  private static TaskCompletionResponse completion(boolean accepted, String message) {
    return TaskCompletionResponse.newBuilder()
        .setAcknowledged(accepted)
        .setMessage(message)
        .build();
  }

  private Optional<LeaseToken> token(String taskId, String workerId) {
    return TaskName.parse(taskId)
        .filter(name -> taskId.indexOf('\0') < 0)
        .flatMap(name -> stores.tasks().lease(name, workerId));
  }

  RegisterWorkerResponse register(RegisterWorkerRequest request) throws StatusException {
    checkWorker(request.getWorkerId());
    Capabilities capabilities =
        Capabilities.newBuilder()
            .setCpuCores(request.getCapabilities().getCpuCores())
            .setMemoryBytes((long) request.getCapabilities().getMemoryGb() << 30)
            .setGpuCount(request.getCapabilities().getGpuCount())
            .build();
    boolean joined =
        workers.register(
            request.getWorkerId(), capabilities, request.getCapabilities().getMaxTasks());
    return RegisterWorkerResponse.newBuilder()
        .setRegistered(true)
        .setMessage(joined ? "registered" : "known already by its Work stream")
        .setHeartbeatIntervalMs(heartbeat.toMillis())
        .build();
  }

  HeartbeatResponse beat(HeartbeatRequest request) throws StatusException {
    checkWorker(request.getWorkerId());
    workers.beat(
        request.getWorkerId(),
        Heartbeat.newBuilder()
            .setCpuPercent(request.getCpuUsage())
            .setMemoryBytes(request.getMemoryUsage())
            .build());
    HeartbeatResponse.Builder answer = HeartbeatResponse.newBuilder().setAcknowledged(true);
    for (String taskId : request.getTaskIdsList()) {
      if (token(taskId, request.getWorkerId()).isEmpty()) {
        answer.addLostTaskIds(taskId);
      }
    }
    return answer.build();
  }

  private static void checkWorker(String workerId) throws StatusException {
    if (!HelloCheck.isWorkerId(workerId)) {
      throw Answers.invalid(
          "worker_id is '" + workerId + "': accepted is 1 to 253 characters of [A-Za-z0-9._-]");
    }
  }
}
