package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.CancelJobRequest;
import io.tensorfleet.proto.orchestrator.GetJobStatusRequest;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc.OrchestratorServiceBlockingStub;
import io.tensorfleet.proto.orchestrator.RegisterWorkerRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TrainingJobRequest;
import io.tensorfleet.proto.orchestrator.WorkerActivityRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs written against the earlier orchestrator, and its pages over HTTP. */
class OldWireIT {
  private static Fixture fixture;
  private static Orchestrator orchestrator;
  private static OrchestratorServiceBlockingStub old;

  @BeforeAll
  static void start() {
    fixture = new Fixture();
    orchestrator = fixture.orchestrator("one");
    old = OrchestratorServiceGrpc.newBlockingStub(fixture.channel(orchestrator));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static GetJobStatusResponse status(String job) {
    return old.getJobStatus(GetJobStatusRequest.newBuilder().setJobId(job).build());
  }

  private static AssignTaskResponse assign(String worker) {
    return old.assignTask(AssignTaskRequest.newBuilder().setWorkerId(worker).build());
  }

  @Test
  void anOldWorkerRunsAnOldJobToItsEndAndThenHearsThatNothingIsLeft() {
    var made =
        old.createTrainingJob(
            TrainingJobRequest.newBuilder()
                .setJobId("old")
                .setModelType("xgboost")
                .setEpochs(2)
                .build());
    assertThat(made.getNumTasks()).isEqualTo(20);
    assertThat(status("old").getStatus()).isEqualTo("PENDING");
    for (int i = 0; i < 20; i++) {
      AssignTaskResponse task = assign("old-worker");
      assertThat(task.getEpoch()).isEqualTo(i / 10);
      assertThat(task.getBatchStart()).isEqualTo(i % 10 * 100);
      assertThat(task.getBatchEnd()).isEqualTo(i % 10 * 100 + 100);
      assertThat(status("old").getStatus()).isEqualTo("RUNNING");
      TaskCompletionRequest done =
          TaskCompletionRequest.newBuilder()
              .setTaskId(task.getTaskId())
              .setJobId("old")
              .setWorkerId("old-worker")
              .setSuccess(true)
              .setLoss(0.25)
              .build();
      assertThat(old.reportTaskCompletion(done).getAcknowledged()).isTrue();
      assertThat(old.reportTaskCompletion(done).getAcknowledged()).isFalse();
    }
    assertThat(status("old").getStatus()).isEqualTo("COMPLETED");
    assertThat(status("old").getProgress()).isEqualTo(100);
    assertThat(status("old").getCurrentLoss()).isEqualTo(0.25);
    assertThatThrownBy(() -> assign("old-worker")).hasMessage("UNKNOWN: no tasks available");
  }

  @Test
  void metricsAreTakenAndAJobCanBeCancelled() {
    old.createTrainingJob(
        TrainingJobRequest.newBuilder()
            .setJobId("off")
            .setModelType("xgboost")
            .setEpochs(1)
            .build());
    old.updateJobMetrics(JobMetricsRequest.newBuilder().setJobId("off").setLoss(0.75).build());
    assertThat(status("off").getCurrentLoss()).isEqualTo(0.75);
    var cancelled = old.cancelJob(CancelJobRequest.newBuilder().setJobId("off").build());
    assertThat(cancelled.getSuccess()).isTrue();
    assertThat(cancelled.getPreviousStatus()).isEqualTo("PENDING");
    assertThat(status("off").getStatus()).isEqualTo("CANCELLED");
  }

  @Test
  void badRequestsAreToldWhatIsAccepted() {
    assertThatThrownBy(
            () ->
                old.createTrainingJob(
                    TrainingJobRequest.newBuilder().setModelType("gpt").setEpochs(1).build()))
        .hasMessage(
            "INVALID_ARGUMENT: model_type is 'gpt': accepted is neural_network, xgboost, random_forest");
    assertThatThrownBy(() -> status("nothing")).hasMessage("NOT_FOUND: there is no job 'nothing'");
  }

  @Test
  void aRegisteredWorkerShowsInTheActivityAndHearsOfLostTasks() {
    var register = RegisterWorkerRequest.newBuilder().setWorkerId("reg");
    register.getCapabilitiesBuilder().setCpuCores(4).setMaxTasks(3);
    assertThat(old.registerWorker(register.build()).getRegistered()).isTrue();
    var beat =
        old.heartbeat(
            HeartbeatRequest.newBuilder()
                .setWorkerId("reg")
                .addTaskIds("old-7")
                .setCpuUsage(12)
                .build());
    assertThat(beat.getLostTaskIdsList()).containsExactly("old-7");
    assertThat(old.getWorkerActivity(WorkerActivityRequest.getDefaultInstance()).getWorkersList())
        .anySatisfy(w -> assertThat(w.getWorkerId()).isEqualTo("reg"));
  }

  @Test
  void thePagesOverHttpAnswer() throws IOException, InterruptedException {
    assertThat(get("/livez")).startsWith("200 ok");
    assertThat(get("/readyz")).startsWith("200 ok");
    assertThat(get("/nothing")).startsWith("404");
    assertThat(get("/worker-activity"))
        .contains(
            "\"workers\":",
            "\"total_workers\":",
            "\"active_workers\":",
            "\"busy_workers\":",
            "\"timestamp\":");
    assertThat(get("/metrics"))
        .contains(
            "orchestrator_jobs_total{status=\"completed\"}",
            "orchestrator_active_workers",
            "orchestrator_tasks_queued",
            "orchestrator_job_duration_seconds",
            "orchestrator_task_retry_count");
  }

  private static String get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + orchestrator.httpPort() + path);
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }
}
