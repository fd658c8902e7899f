package io.tensorfleet.worker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.proto.worker.CancelTaskRequest;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.TaskResponse;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.proto.worker.WorkerStatusRequest;
import io.tensorfleet.worker.Worker;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.session.Exit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The worker's own gRPC, as programs of the earlier workers use it; no orchestrator is there. */
class OldWireTest {
  private final Worker worker;
  private final ManagedChannel channel;

  OldWireTest() throws Exception {
    var variables =
        Map.of(
            "WORKER_ID", "old-friend",
            "BIND_ADDRESS", "127.0.0.1",
            "WORKER_PORT", "0",
            "METRICS_PORT", "0",
            "ORCHESTRATOR_ADDRESS", "127.0.0.1:1",
            "MAX_CONCURRENT_TASKS", "1");
    worker = Worker.start(WorkerConfig.fromEnvironment(variables, () -> "incarnation"));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", worker.grpcPort()).usePlaintext().build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    worker.close();
  }

  @Test
  void getStatusAnswersAnEmptyRequest() {
    var status = stub().getStatus(WorkerStatusRequest.getDefaultInstance());

    assertThat(status.getWorkerId()).isEqualTo("old-friend");
    assertThat(status.getStatus()).isEqualTo("DISCONNECTED");
    assertThat(stub().getWorkerStatus(WorkerStatusRequest.getDefaultInstance()).getWorkerId())
        .isEqualTo("old-friend");
  }

  @Test
  void executeTaskTrainsAndAnswersWithTheOutcome() {
    var answer = stub().executeTask(task("one", "xgboost", "0"));

    assertThat(answer.getSuccess()).as(answer.getMessage()).isTrue();
    assertThat(answer.getTaskId()).isEqualTo("one");
    assertThat(answer.getLoss()).isPositive();
  }

  @Test
  void anUnknownModelTypeIsRefusedNamingTheThreeThatExist() {
    assertThatThrownBy(() -> stub().executeTask(task("one", "oracle", "0")))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("neural_network")
        .hasMessageContaining("xgboost")
        .hasMessageContaining("random_forest");
  }

  @Test
  void aRunningTaskIsCancelledAndAnUnknownOneIsNotFound() throws Exception {
    var answer = begin(task("long", "xgboost", "60000"));

    assertThat(stub().cancelTask(cancel("nobody")).getSuccess()).isFalse();
    assertThat(stub().cancelTask(cancel("long")).getSuccess()).isTrue();
    assertThat(answer.get(20, TimeUnit.SECONDS).getSuccess()).isFalse();
  }

  @Test
  void aCallerWhoGoesAwayGivesTheSlotBack() {
    var _ = begin(task("left", "xgboost", "60000"));

    channel.shutdownNow();
    var again =
        NettyChannelBuilder.forAddress("127.0.0.1", worker.grpcPort()).usePlaintext().build();
    until(
        () ->
            WorkerServiceGrpc.newBlockingStub(again)
                    .getStatus(WorkerStatusRequest.getDefaultInstance())
                    .getCurrentTasks()
                == 0);
    again.shutdownNow();
  }

  @Test
  void healthSaysNotServingOnceTheWorkerDrains() {
    var _ = begin(task("long", "xgboost", "60000"));
    assertThat(health()).isEqualTo(ServingStatus.SERVING);

    worker.drain(new Exit(143, "asked to"));

    until(() -> health() == ServingStatus.NOT_SERVING);
    stub().cancelTask(cancel("long"));
  }

  @Test
  void reflectionNamesTheService() throws Exception {
    var answer = new CompletableFuture<ServerReflectionResponse>();
    var request = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new First<>(answer));
    request.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    request.onCompleted();

    assertThat(
            answer.get(20, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
                .map(service -> service.getName()))
        .contains("worker.WorkerService", "grpc.health.v1.Health");
  }

  private CompletableFuture<TaskResponse> begin(TaskRequest request) {
    var answer = new CompletableFuture<TaskResponse>();
    WorkerServiceGrpc.newStub(channel).executeTask(request, new First<>(answer));
    until(() -> stub().getStatus(WorkerStatusRequest.getDefaultInstance()).getCurrentTasks() == 1);
    return answer;
  }

  private ServingStatus health() {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private WorkerServiceGrpc.WorkerServiceBlockingStub stub() {
    return WorkerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static CancelTaskRequest cancel(String id) {
    return CancelTaskRequest.newBuilder().setTaskId(id).build();
  }

  private static TaskRequest task(String id, String model, String epochMillis) {
    return TaskRequest.newBuilder()
        .setTaskId(id)
        .setModelType(model)
        .putHyperparameters("simulation.epoch_ms", epochMillis)
        .build();
  }

  private static void until(BooleanSupplier happened) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** The first answer of a call. */
  private record First<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable thrown) {
      answer.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {}
  }
}
