package io.tensorfleet.worker.server;

import static io.tensorfleet.worker.server.GenericClient.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.reflection.v1alpha.ServerReflectionGrpc;
import io.grpc.reflection.v1alpha.ServerReflectionRequest;
import io.grpc.reflection.v1alpha.ServerReflectionResponse;
import io.tensorfleet.worker.session.Exit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The worker's gRPC as a client sees it that has no proto file at hand. */
class ReflectionTest {
  private static final String SERVICE = "worker.WorkerService";
  private static final String HEALTH = "grpc.health.v1.Health";

  private final Served served;
  private final GenericClient client;

  ReflectionTest() throws Exception {
    served = new Served(Map.of());
    client = new GenericClient(served.channel);
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void reflectionNamesEveryService() throws Exception {
    assertThat(client.services())
        .containsExactlyInAnyOrder(
            SERVICE,
            HEALTH,
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
  }

  @Test
  void getStatusAnswersAnEmptyRequestWithEveryFieldOfTheContract() throws Exception {
    var status = client.call(SERVICE, "GetStatus", Map.of());

    assertThat(field(status, "worker_id")).isEqualTo("old-friend");
    assertThat(field(status, "status")).isEqualTo("DISCONNECTED");
    assertThat(field(status, "current_tasks")).isEqualTo(0);
    assertThat(field(status, "completed_tasks")).isEqualTo(0);
    assertThat((double) field(status, "cpu_usage")).isNotNegative();
    assertThat((double) field(status, "memory_usage")).isGreaterThan(1 << 20);
  }

  @Test
  void getWorkerStatusAnswersForThisWorkerWhomeverItNames() throws Exception {
    var status = client.call(SERVICE, "GetWorkerStatus", Map.of("worker_id", "another"));

    assertThat(field(status, "worker_id")).isEqualTo("old-friend");
  }

  @Test
  void executeTaskAndCancelTaskWorkByTheFieldsThatTheContractNames() throws Exception {
    var done =
        client.call(
            SERVICE,
            "ExecuteTask",
            Map.of("task_id", "one", "job_id", "job", "model_type", "xgboost"));

    assertThat(field(done, "task_id")).isEqualTo("one");
    assertThat(field(done, "success")).isEqualTo(true);
    assertThat(field(done, "message")).isEqualTo("completed");
    assertThat((double) field(done, "loss")).isPositive();
    assertThat((double) field(done, "accuracy")).isPositive();
    var cancelled = client.call(SERVICE, "CancelTask", Map.of("task_id", "one"));
    assertThat(field(cancelled, "success")).isEqualTo(false);
    assertThat(field(cancelled, "message")).asString().contains("one");
  }

  @Test
  void healthFlipsInDrainForTheServerAndForTheService() throws Exception {
    assertThat(health("")).isEqualTo("SERVING");
    assertThat(health(SERVICE)).isEqualTo("SERVING");
    assertThatThrownBy(() -> health("no.Service")).hasMessageContaining("NOT_FOUND");

    served.worker.drain(new Exit(143, "asked to"));

    served.worker.exit().get(20, TimeUnit.SECONDS);
    assertThat(health("")).isEqualTo("NOT_SERVING");
    assertThat(health(SERVICE)).isEqualTo("NOT_SERVING");
  }

  private String health(String service) throws Exception {
    return field(client.call(HEALTH, "Check", Map.of("service", service)), "status").toString();
  }

  @Test
  void olderClientsFindReflectionUnderItsFormerName() throws Exception {
    var answer = new CompletableFuture<ServerReflectionResponse>();
    var questions =
        ServerReflectionGrpc.newStub(served.channel)
            .serverReflectionInfo(new GenericClient.First<>(answer));
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    questions.onCompleted();

    assertThat(
            answer.get(20, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
                .map(service -> service.getName()))
        .contains(SERVICE);
  }
}
