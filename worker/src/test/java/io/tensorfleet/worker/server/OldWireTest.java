package io.tensorfleet.worker.server;

import static io.tensorfleet.worker.server.Served.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.tensorfleet.proto.worker.CancelTaskRequest;
import io.tensorfleet.proto.worker.TaskRequest;
import io.tensorfleet.proto.worker.TaskResponse;
import io.tensorfleet.proto.worker.WorkerServiceGrpc;
import io.tensorfleet.proto.worker.WorkerStatusRequest;
import io.tensorfleet.worker.server.GenericClient.First;
import io.tensorfleet.worker.session.Exit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The worker's own gRPC, as programs of the earlier workers use it; no orchestrator is there. */
class OldWireTest {
  private Served served;

  OldWireTest() throws Exception {
    served = new Served(Map.of());
  }

  @AfterEach
  void close() {
    served.close();
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

    served.channel.shutdownNow();
    var again = served.channel();
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

    served.worker.drain(new Exit(143, "asked to"));

    until(() -> health() == ServingStatus.NOT_SERVING);
    stub().cancelTask(cancel("long"));
  }

  @Test
  void aCallWhoseDeadlinePassesStopsItsRun() {
    assertThatThrownBy(
            () ->
                WorkerServiceGrpc.newBlockingStub(served.channel)
                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                    .executeTask(task("late", "xgboost", "60000")))
        .hasMessageContaining("DEADLINE_EXCEEDED");

    until(() -> running() == 0);
  }

  @Test
  void aSecondCallerOfARunningTaskIsRefused() {
    var _ = begin(task("long", "xgboost", "60000"));

    assertThatThrownBy(() -> stub().executeTask(task("long", "xgboost", "0")))
        .hasMessageContaining("ALREADY_EXISTS")
        .hasMessageContaining("long");
  }

  @Test
  void aBusyWorkerSaysThatNoSlotIsFree() {
    var _ = begin(task("long", "xgboost", "60000"));

    assertThatThrownBy(() -> stub().executeTask(task("next", "xgboost", "0")))
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining("no slot is free");
  }

  @Test
  void aDrainingWorkerSendsNewTasksToAnotherOne() {
    var _ = begin(task("long", "xgboost", "60000"));

    served.worker.drain(new Exit(143, "asked to"));

    until(() -> health() == ServingStatus.NOT_SERVING);
    assertThatThrownBy(() -> stub().executeTask(task("next", "xgboost", "0")))
        .hasMessageContaining("UNAVAILABLE: the worker drains: call another one");
  }

  @Test
  void aTaskThatRunsPastTheDrainTimeIsGivenBackToItsCaller() throws Exception {
    served.close();
    served = new Served(Map.of("DRAIN_TIMEOUT", "50ms"));
    var answer = begin(task("long", "xgboost", "60000"));

    served.worker.drain(new Exit(143, "asked to"));

    assertThat(answer)
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("UNAVAILABLE: the worker drains: call another one");
    assertThat(served.worker.exit().get(20, TimeUnit.SECONDS).status()).isEqualTo(143);
  }

  private CompletableFuture<TaskResponse> begin(TaskRequest request) {
    var answer = new CompletableFuture<TaskResponse>();
    WorkerServiceGrpc.newStub(served.channel).executeTask(request, new First<>(answer));
    until(() -> running() == 1);
    return answer;
  }

  private int running() {
    return stub().getStatus(WorkerStatusRequest.getDefaultInstance()).getCurrentTasks();
  }

  private ServingStatus health() {
    return HealthGrpc.newBlockingStub(served.channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private WorkerServiceGrpc.WorkerServiceBlockingStub stub() {
    return WorkerServiceGrpc.newBlockingStub(served.channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS);
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
}
