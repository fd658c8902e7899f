package io.tensorfleet.worker.session;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.CancelJobRequest;
import io.tensorfleet.proto.orchestrator.CancelJobResponse;
import io.tensorfleet.proto.orchestrator.GetJobStatusRequest;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.JobMetricsResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import io.tensorfleet.proto.orchestrator.TrainingJobRequest;
import io.tensorfleet.proto.orchestrator.TrainingJobResponse;
import io.tensorfleet.proto.orchestrator.WorkerActivityRequest;
import io.tensorfleet.proto.orchestrator.WorkerActivityResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * The earlier orchestrator as its users knew it: seven calls and nothing else, over real gRPC. It
 * can be killed and come back on its port, with its memory or without.
 */
public final class EarlierOrchestrator extends OrchestratorServiceGrpc.OrchestratorServiceImplBase
    implements AutoCloseable {
  private final Duration wait;
  private volatile EarlierMemory memory = new EarlierMemory();
  private Server server;
  private final int port;

  /** Listens on a free port of loopback; {@code wait} is how long AssignTask waits for a task. */
  public EarlierOrchestrator(Duration wait) throws IOException {
    this.wait = wait;
    this.server = listen(0);
    this.port = server.getPort();
  }

  private Server listen(int at) throws IOException {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), at))
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .addService(this)
        .build()
        .start();
  }

  public int port() {
    return port;
  }

  public EarlierMemory memory() {
    return memory;
  }

  public void kill() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  public void comeBack() throws IOException {
    server = listen(port);
  }

  /** Forgets everything. */
  public void forget() {
    memory = new EarlierMemory();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  @Override
  public void createTrainingJob(
      TrainingJobRequest request, StreamObserver<TrainingJobResponse> answer) {
    int tasks = memory.create(request);
    answer.onNext(
        TrainingJobResponse.newBuilder()
            .setJobId(request.getJobId())
            .setStatus("PENDING")
            .setNumTasks(tasks)
            .build());
    answer.onCompleted();
  }

  @Override
  public void assignTask(AssignTaskRequest request, StreamObserver<AssignTaskResponse> answer) {
    Optional<AssignTaskResponse> task = pop(request.getWorkerId());
    if (task.isPresent()) {
      answer.onNext(task.get());
      answer.onCompleted();
    } else {
      answer.onError(Status.UNKNOWN.withDescription("no tasks available").asException());
    }
  }

  /** What is popped for a caller that has gone is lost, as it was. */
  private Optional<AssignTaskResponse> pop(String worker) {
    try {
      return memory.pop(worker, wait);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void getJobStatus(
      GetJobStatusRequest request, StreamObserver<GetJobStatusResponse> answer) {
    Optional<GetJobStatusResponse> status = memory.status(request.getJobId());
    if (status.isPresent()) {
      answer.onNext(status.get());
      answer.onCompleted();
    } else {
      answer.onError(Status.NOT_FOUND.withDescription("job not found").asException());
    }
  }

  @Override
  public void reportTaskCompletion(
      TaskCompletionRequest request, StreamObserver<TaskCompletionResponse> answer) {
    boolean known = memory.complete(request);
    answer.onNext(
        TaskCompletionResponse.newBuilder()
            .setAcknowledged(known)
            .setMessage(known ? "ok" : "task not found")
            .build());
    answer.onCompleted();
  }

  @Override
  public void updateJobMetrics(
      JobMetricsRequest request, StreamObserver<JobMetricsResponse> answer) {
    memory.metrics(request);
    answer.onNext(JobMetricsResponse.newBuilder().setSuccess(true).build());
    answer.onCompleted();
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> answer) {
    memory.end(request.getJobId(), "CANCELLED");
    answer.onNext(CancelJobResponse.newBuilder().setSuccess(true).build());
    answer.onCompleted();
  }

  @Override
  public void getWorkerActivity(
      WorkerActivityRequest request, StreamObserver<WorkerActivityResponse> answer) {
    answer.onNext(memory.activity());
    answer.onCompleted();
  }
}
