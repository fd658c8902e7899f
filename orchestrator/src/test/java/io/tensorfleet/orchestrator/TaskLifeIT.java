package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tensorfleet.proto.v1.CancelJobRequest;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.Metrics;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.ProgressReport;
import io.tensorfleet.proto.v1.RetryTasksRequest;
import io.tensorfleet.proto.v1.ReturnedLease;
import io.tensorfleet.proto.v1.Returning;
import io.tensorfleet.proto.v1.SubmitResponse;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskState;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of tasks when all goes well, and when they fail. */
class TaskLifeIT {
  private static Fixture fixture;
  private static Orchestrator orchestrator;

  @BeforeAll
  static void start() {
    fixture = new Fixture();
    orchestrator = fixture.orchestrator("one");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static TestWorker worker(String id, int slots) {
    return TestWorker.join(
        orchestrator, TestWorker.hello(id, "i1", slots).toBuilder().addQueues(id).build());
  }

  private static void submit(String queue, int tasks, int attempts) {
    var request = Fixture.tasks(queue + "-job", tasks).setQueue(queue);
    request.getGroupsBuilder(0).getTemplateBuilder().setMaxAttempts(attempts);
    fixture.jobs(orchestrator).submit(request.build());
  }

  private static Job ended(String jobId) {
    Waiting.until(jobId + " ends", () -> fixture.job(orchestrator, jobId).hasFinishedAt());
    return fixture.job(orchestrator, jobId);
  }

  @Test
  void aTaskIsLeasedRunAndCompletedOnce() {
    submit("life", 2, 0);
    try (TestWorker worker = worker("life", 3)) {
      worker.credit(3);
      List<Lease> leases = worker.leases(2);
      assertThat(leases).extracting(l -> l.getTask().getModelType()).containsOnly("xgboost");
      assertThat(fixture.task(orchestrator, "life-job-0").getState())
          .isEqualTo(TaskState.TASK_STATE_RUNNING);
      leases.forEach(l -> worker.result(l.getToken(), Outcome.OUTCOME_COMPLETED));
      leases.forEach(
          l -> assertThat(worker.verdict(l.getToken())).isEqualTo(Verdict.Kind.KIND_ACCEPTED));
      Job job = ended("life-job");
      assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_COMPLETED);
      assertThat(job.getPercent()).isEqualTo(100);
      assertThat(job.getBest().getLoss()).isEqualTo(0.5);
      Task task = fixture.task(orchestrator, "life-job-1");
      assertThat(task.getWorkerId()).isEqualTo("life");
      assertThat(task.getAttempt()).isEqualTo(1);
      assertThat(task.getMetrics().getAccuracy()).isEqualTo(0.9);
      worker.result(leases.getFirst().getToken(), Outcome.OUTCOME_COMPLETED);
      Waiting.until("a third verdict", () -> worker.verdicts().size() == 3);
      assertThat(worker.verdicts().getLast().getKind()).isEqualTo(Verdict.Kind.KIND_STALE);
      assertThat(fixture.job(orchestrator, "life-job").getTasks().getCompleted()).isEqualTo(2);
    }
  }

  @Test
  void aWorkerNeverGetsMoreThanItsCredit() {
    submit("credit", 50, 0);
    try (TestWorker worker = worker("credit", 7)) {
      worker.credit(2);
      worker.leases(2);
      worker.credit(1);
      worker.leases(3);
      worker.beat();
      Waiting.until(
          "heartbeat answered",
          () -> worker.heard().stream().anyMatch(OrchestratorMessage::hasRenewal));
      assertThat(worker.leases()).hasSize(3);
      assertThat(fixture.job(orchestrator, "credit-job").getTasks().getRunning()).isEqualTo(3);
    }
  }

  @Test
  void aFailingTaskIsTriedAgainUntilItsTriesAreUsedUpAndCanBeSentBack() {
    submit("fails", 1, 2);
    try (TestWorker worker = worker("fails", 1)) {
      worker.onLease(lease -> {});
      worker.credit(1);
      worker.result(worker.leases(1).getFirst().getToken(), Outcome.OUTCOME_FAILED);
      worker.credit(1);
      Lease second = worker.leases(2).get(1);
      assertThat(second.getToken().getAttempt()).isEqualTo(2);
      worker.result(second.getToken(), Outcome.OUTCOME_FAILED);
      Job job = ended("fails-job");
      assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
      assertThat(job.getTasks().getRunAgain()).isEqualTo(1);
      var dead =
          fixture
              .jobs(orchestrator)
              .listTasks(
                  ListTasksRequest.newBuilder()
                      .setJobId("fails-job")
                      .addStates(TaskState.TASK_STATE_FAILED)
                      .build());
      assertThat(dead.getTasksList()).extracting(Task::getError).containsExactly("it did not work");
      assertThat(
              fixture
                  .jobs(orchestrator)
                  .retryTasks(RetryTasksRequest.newBuilder().setJobId("fails-job").build())
                  .getRetried())
          .isEqualTo(1);
      worker.credit(1);
      Lease third = worker.leases(3).get(2);
      assertThat(third.getToken().getFence()).isGreaterThan(second.getToken().getFence());
      worker.result(third.getToken(), Outcome.OUTCOME_COMPLETED);
      assertThat(ended("fails-job").getState()).isEqualTo(JobState.JOB_STATE_COMPLETED);
    }
  }

  @Test
  void aNonRetryableOutcomeIsNotTriedAgain() {
    submit("wrong", 1, 5);
    try (TestWorker worker = worker("wrong", 1)) {
      worker.credit(1);
      worker.result(worker.leases(1).getFirst().getToken(), Outcome.OUTCOME_NON_RETRYABLE);
      assertThat(ended("wrong-job").getTasks().getFailed()).isEqualTo(1);
    }
  }

  @Test
  void aTaskHandedBackUsesNoTryAndKeepsItsCheckpoint() {
    submit("back", 1, 1);
    try (TestWorker worker = worker("back", 1)) {
      worker.credit(1);
      LeaseToken first = worker.leases(1).getFirst().getToken();
      var returned =
          ReturnedLease.newBuilder().setToken(first).setReason("draining").setEpochsDone(4);
      returned.getCheckpointBuilder().setUri("file:///c4");
      worker.say(
          WorkerMessage.newBuilder()
              .setReturning(Returning.newBuilder().addLeases(returned))
              .build());
      assertThat(worker.verdict(first)).isEqualTo(Verdict.Kind.KIND_ACCEPTED);
      worker.credit(1);
      Lease second = worker.leases(2).get(1);
      assertThat(second.getCheckpoint().getUri()).isEqualTo("file:///c4");
      assertThat(second.getResumeEpoch()).isEqualTo(4);
      worker.result(second.getToken(), Outcome.OUTCOME_COMPLETED);
      assertThat(ended("back-job").getState()).isEqualTo(JobState.JOB_STATE_COMPLETED);
    }
  }

  @Test
  void cancellingReachesTheWorkerAndALaterResultIsStale() {
    submit("cancel", 5, 0);
    try (TestWorker worker = worker("cancel", 2)) {
      worker.credit(2);
      List<Lease> leases = worker.leases(2);
      Job job =
          fixture
              .jobs(orchestrator)
              .cancelJob(
                  CancelJobRequest.newBuilder()
                      .setJobId("cancel-job")
                      .setReason("changed my mind")
                      .build());
      assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
      assertThat(job.getTasks().getCancelled()).isEqualTo(5);
      Waiting.until(
          "two cancels",
          () -> worker.heard().stream().filter(OrchestratorMessage::hasCancel).count() == 2);
      worker.result(leases.getFirst().getToken(), Outcome.OUTCOME_COMPLETED);
      assertThat(worker.verdict(leases.getFirst().getToken())).isEqualTo(Verdict.Kind.KIND_STALE);
      assertThat(fixture.job(orchestrator, "cancel-job").getTasks().getCompleted()).isZero();
    }
  }

  @Test
  void progressUnderAnOldTokenChangesNothing() {
    submit("progress", 1, 0);
    try (TestWorker worker = worker("progress", 1)) {
      worker.credit(1);
      LeaseToken token = worker.leases(1).getFirst().getToken();
      report(worker, token, 3);
      Waiting.until(
          "progress shows",
          () -> fixture.task(orchestrator, "progress-job-0").getEpochsDone() == 3);
      LeaseToken old = token.toBuilder().setFence(token.getFence() - 1).build();
      report(worker, old, 9);
      Waiting.until(
          "refusal",
          () ->
              worker.heard().stream()
                  .anyMatch(
                      m ->
                          m.getRenewal().getLostList().stream()
                              .anyMatch(l -> l.getToken().equals(old))));
      assertThat(fixture.task(orchestrator, "progress-job-0").getEpochsDone()).isEqualTo(3);
    }
  }

  private static void report(TestWorker worker, LeaseToken token, int epochs) {
    Progress progress =
        Progress.newBuilder()
            .setToken(token)
            .setEpochsDone(epochs)
            .setMetrics(Metrics.newBuilder().setLoss(1))
            .addLogLines("epoch " + epochs)
            .build();
    worker.say(
        WorkerMessage.newBuilder()
            .setProgress(ProgressReport.newBuilder().addEntries(progress))
            .build());
  }

  @Test
  void theSameRequestIdGivesTheSameJob() {
    var request = Fixture.tasks("", 3).setQueue("idem").setRequestId("r-1").build();
    SubmitResponse first = fixture.jobs(orchestrator).submit(request);
    SubmitResponse second = fixture.jobs(orchestrator).submit(request);
    assertThat(second.getJobId()).isEqualTo(first.getJobId());
    assertThat(second.getExisting()).isTrue();
    assertThat(fixture.number("SELECT count(*) FROM jobs WHERE request_id = 'r-1'")).isEqualTo(1);
  }

  @Test
  void aTakenJobIdIsRefused() {
    fixture.jobs(orchestrator).submit(Fixture.tasks("taken", 1).setQueue("taken").build());
    assertThatThrownBy(() -> fixture.jobs(orchestrator).submit(Fixture.tasks("taken", 1).build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS));
  }

  @Test
  void allMistakesOfASubmitAreToldTogether() {
    var request = Fixture.tasks("bad job", 0).setPriority(500).setQueue("Q").build();
    assertThatThrownBy(() -> fixture.jobs(orchestrator).submit(request))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("job_id is 'bad job'")
        .hasMessageContaining("priority is '500': accepted is -100 to 100")
        .hasMessageContaining("queue is 'Q'")
        .hasMessageContaining("groups[0].count is '0'");
  }

  @Test
  void tasksAreListedByPages() {
    submit("pages", 25, 0);
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      var page =
          fixture
              .jobs(orchestrator)
              .listTasks(
                  ListTasksRequest.newBuilder()
                      .setJobId("pages-job")
                      .setPageSize(10)
                      .setPageToken(token)
                      .build());
      page.getTasksList().forEach(t -> seen.add(t.getTaskId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).hasSize(25).doesNotHaveDuplicates().startsWith("pages-job-0", "pages-job-1");
  }
}
