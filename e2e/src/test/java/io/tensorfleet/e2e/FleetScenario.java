package io.tensorfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.tensorfleet.cli.OrchestratorClient;
import io.tensorfleet.cli.demo.Demo;
import io.tensorfleet.cli.demo.DemoJob;
import io.tensorfleet.cli.demo.DemoSummary;
import io.tensorfleet.local.Fleet;
import io.tensorfleet.local.FleetListener;
import io.tensorfleet.local.FleetOptions;
import io.tensorfleet.local.FleetOptions.GroundChoice;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a whole fleet must do on every ground: real PostgreSQL, worker processes, the ground's API
 * server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FleetScenario {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Fleet fleet;
  private final OrchestratorClient client;

  FleetScenario(Path home, GroundChoice ground) {
    var options =
        FleetOptions.in(home).on(ground, Optional.empty()).draining(Duration.ofSeconds(20));
    this.fleet = Fleet.start(options, FleetListener.SILENT);
    this.client = new OrchestratorClient(fleet.grpcAddress());
  }

  @AfterAll
  void stop() {
    client.close();
    fleet.close();
  }

  @Test
  void thePoolGoesFromZeroToWhatTheJobNeedsAndBackToZero() throws Exception {
    var pool = DemoJob.pool(Repository.root());
    var plan = new Demo.Plan(pool, DemoJob.submit("scenario-" + UUID.randomUUID(), 60), LIMIT);

    DemoSummary summary =
        Demo.run(
            new Demo.Ground(fleet.ground().name(), fleet.kubernetes(), client), plan, (_, _) -> {});

    assertThat(summary.completed()).as("%s", summary).isEqualTo(60);
    assertThat(summary.failed()).isZero();
    assertThat(summary.runAgain()).as("tasks run again: %s", summary).isZero();
    assertThat(summary.peakPods()).isEqualTo(pool.getSpec().maxReplicas());
    assertThat(summary.succeeded()).isTrue();
    assertThat(summary.seconds().backToZero()).isPresent();
    System.out.println(String.join(System.lineSeparator(), summary.lines()));
  }

  @Test
  void aTaskWhoseWorkerIsKilledRunsElsewhereAndEndsExactlyOnce() throws Exception {
    var pool = DemoJob.pool(Repository.root());
    fleet.kubernetes().resource(pool).createOr(NonDeletingOperation::update);
    var job = client.jobs().submit(oneLongTask()).getJobId();
    var first = Await.value(LIMIT, "the task to run", () -> task(job, 1));

    assertThat(fleet.node().orElseThrow().kill(first.getWorkerId())).isTrue();

    var second = Await.value(LIMIT, "the task to run again", () -> task(job, 2));
    assertThat(second.getTaskId()).isEqualTo(first.getTaskId());
    var ended = Await.value(LIMIT, "the job to end", () -> ended(job));
    assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_COMPLETED);
    assertThat(ended.getTasks().getCompleted()).isOne();
    assertThat(ended.getTasks().getRunAgain()).isOne();
    assertThat(ended.getTasks().getFailed()).isZero();
    assertThat(task(job, 2).map(Task::getState)).contains(TaskState.TASK_STATE_COMPLETED);
  }

  /** Long enough that the kill comes in the middle of it. */
  private static SubmitRequest oneLongTask() {
    return SubmitRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .addGroups(
            TaskGroup.newBuilder()
                .setCount(1)
                .setTemplate(
                    TaskSpec.newBuilder()
                        .setModelType("xgboost")
                        .setEpochs(20)
                        .putHyperparameters("simulation.epoch_ms", "400")))
        .build();
  }

  private Optional<Task> task(String job, int attempt) {
    return client
        .jobs()
        .listTasks(ListTasksRequest.newBuilder().setJobId(job).build())
        .getTasksList()
        .stream()
        .filter(task -> task.getAttempt() == attempt && !task.getWorkerId().isEmpty())
        .findFirst();
  }

  private Optional<Job> ended(String id) {
    var job = client.jobs().getJob(GetJobRequest.newBuilder().setJobId(id).build());
    return Optional.of(job).filter(j -> j.hasFinishedAt());
  }
}
