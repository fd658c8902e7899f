package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.QueueServiceGrpc;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.UncordonRequest;
import io.tensorfleet.proto.v1.WatchQueueRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator sees of a queue, and how it retires workers. */
class QueueIT {
  private static final String WAITING_FOR_A_LOCK =
      """
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
      """;

  private static Fixture fixture;
  private static Orchestrator one;
  private static Orchestrator two;

  @BeforeAll
  static void start() {
    fixture = new Fixture();
    one = fixture.orchestrator("one");
    two = fixture.orchestrator("two");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static final class Watcher implements io.grpc.stub.StreamObserver<QueueSnapshot> {
    private final List<QueueSnapshot> seen = new CopyOnWriteArrayList<>();

    static Watcher of(Orchestrator orchestrator, String queue) {
      Watcher watcher = new Watcher();
      QueueServiceGrpc.newStub(fixture.channel(orchestrator))
          .watchQueue(WatchQueueRequest.newBuilder().addQueues(queue).build(), watcher);
      return watcher;
    }

    @Override
    public void onNext(QueueSnapshot snapshot) {
      seen.add(snapshot);
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}

    QueueSnapshot find(String what, Predicate<QueueSnapshot> wanted) {
      return Waiting.find(what, () -> seen.stream().filter(wanted).findFirst());
    }
  }

  private static CordonResponse cordon(
      Orchestrator of, String worker, String incarnation, boolean onlyIfIdle) {
    return fixture
        .queue(of)
        .cordon(
            CordonRequest.newBuilder()
                .setWorkerId(worker)
                .setIncarnation(incarnation)
                .setOnlyIfIdle(onlyIfIdle)
                .build());
  }

  @Test
  void aWatcherSeesTheQueueFromWhicheverOrchestratorItAsks() {
    Watcher watcher = Watcher.of(two, "watch");
    watcher.find("empty at once", s -> s.getWaiting() == 0 && s.getWorkersCount() == 0);
    fixture.jobs(one).submit(Fixture.tasks("watch-job", 5).setQueue("watch").build());
    QueueSnapshot waiting = watcher.find("five waiting", s -> s.getWaiting() == 5);
    assertThat(waiting.hasOldestAge()).isTrue();
    assertThat(waiting.getClasses(0).getModelType()).isEqualTo("xgboost");
    try (TestWorker worker =
        TestWorker.join(
            one, TestWorker.hello("w", "a", 2).toBuilder().addQueues("watch").build())) {
      worker.credit(2);
      QueueSnapshot running =
          watcher.find("two running", s -> s.getRunning() == 2 && s.getWaiting() == 3);
      assertThat(running.getWorkers(0).getBusy()).isEqualTo(2);
      assertThat(running.getWorkers(0).getSlots()).isEqualTo(2);
      assertThat(running.getWorkers(0).getTaskIdsList())
          .containsExactly("watch-job-0", "watch-job-1");
      for (Lease lease : worker.leases(2)) {
        worker.result(lease.getToken(), Outcome.OUTCOME_COMPLETED);
      }
      watcher.find(
          "mean known",
          s ->
              s.getRunning() == 0
                  && s.getWaiting() == 3
                  && s.getWorkers(0).getTasksCompleted() == 2);
    }
    watcher.find("worker gone", s -> s.getWaiting() == 3 && s.getWorkersCount() == 0);
    assertThat(watcher.seen)
        .extracting(QueueSnapshot::getVersion)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aSnapshotTellsWhatTheTasksAskForAndWhatTheWorkersOffer() {
    var needs = Requirements.newBuilder().setGpuCount(2).putLabels("zone", "a").build();
    Watcher watcher = Watcher.of(two, "needs");
    SubmitRequest.Builder job = Fixture.tasks("needs-job", 2).setQueue("needs");
    job.getGroupsBuilder(0).getTemplateBuilder().setRequires(needs);
    fixture.jobs(one).submit(job.build());
    fixture.jobs(one).submit(Fixture.tasks("plain-job", 3).setQueue("needs").build());
    watcher.find(
        "two classes",
        s ->
            s.getClassesList().stream()
                .anyMatch(c -> c.getRequires().equals(needs) && c.getWaiting() == 2));
    Hello plain = TestWorker.hello("plain", "a", 1);
    try (TestWorker worker =
        TestWorker.join(one, plain.toBuilder().addQueues("needs").putLabels("zone", "b").build())) {
      worker.credit(1);
      Lease lease = worker.leases(1).getFirst();
      assertThat(lease.getTask().getRequires()).isEqualTo(Requirements.getDefaultInstance());
      QueueSnapshot running = watcher.find("one running", s -> s.getRunning() == 1);
      assertThat(running.getWorkers(0).getCapabilities()).isEqualTo(plain.getCapabilities());
      assertThat(running.getWorkers(0).getLabelsMap()).containsEntry("zone", "b");
      worker.result(lease.getToken(), Outcome.OUTCOME_FAILED);
      watcher.find(
          "one delayed, of its class",
          s ->
              s.getClassesList().stream()
                  .anyMatch(c -> c.getDelayed() == 1 && !c.getRequires().equals(needs)));
    }
  }

  @Test
  void aBusyWorkerIsNotCordonedAndAnIdleOneGetsNothingMore() {
    try (TestWorker worker =
        TestWorker.join(
            one, TestWorker.hello("c", "a", 2).toBuilder().addQueues("cordon").build())) {
      fixture.jobs(one).submit(Fixture.tasks("cordon-job", 1).setQueue("cordon").build());
      worker.credit(2);
      Lease lease = worker.leases(1).getFirst();
      CordonResponse busy = cordon(two, "c", "a", true);
      assertThat(busy.getOutcome()).isEqualTo(CordonResponse.Outcome.OUTCOME_BUSY);
      assertThat(busy.getBusy()).isEqualTo(1);
      worker.result(lease.getToken(), Outcome.OUTCOME_COMPLETED);
      worker.verdict(lease.getToken());
      assertThat(cordon(two, "c", "other", true).getOutcome())
          .isEqualTo(CordonResponse.Outcome.OUTCOME_UNKNOWN);
      assertThat(cordon(two, "c", "a", true).getOutcome())
          .isEqualTo(CordonResponse.Outcome.OUTCOME_CORDONED);
      Waiting.until(
          "the worker is told",
          () -> worker.heard().stream().anyMatch(m -> m.getCordoned().getCordoned()));
      fixture.jobs(one).submit(Fixture.tasks("cordon-job-2", 1).setQueue("cordon").build());
      Watcher.of(one, "cordon")
          .find("it waits", s -> s.getWaiting() == 1 && s.getWorkers(0).getCordoned());
      assertThat(worker.leases()).hasSize(1);
      fixture.queue(two).uncordon(UncordonRequest.newBuilder().setWorkerId("c").build());
      worker.leases(2);
    }
  }

  @Test
  void noLeaseGoesOutAfterCordoned() throws InterruptedException {
    for (int round = 0; round < 40; round++) {
      String id = "race" + round;
      try (TestWorker worker =
          TestWorker.join(one, TestWorker.hello(id, "a", 1).toBuilder().addQueues(id).build())) {
        worker.credit(1);
        Thread submit =
            Thread.ofPlatform()
                .start(
                    () ->
                        fixture
                            .jobs(one)
                            .submit(Fixture.tasks(id + "-job", 1).setQueue(id).build()));
        CordonResponse answer = cordon(two, id, "a", true);
        boolean cordoned = answer.getOutcome() == CordonResponse.Outcome.OUTCOME_CORDONED;
        submit.join();
        if (cordoned) {
          worker.beat();
          Waiting.until(
              "heartbeat answered",
              () -> worker.heard().stream().anyMatch(OrchestratorMessage::hasRenewal));
          assertThat(fixture.job(one, id + "-job").getTasks().getRunning()).isZero();
          assertThat(worker.leases()).isEmpty();
        } else {
          assertThat(answer.getOutcome()).isEqualTo(CordonResponse.Outcome.OUTCOME_BUSY);
          worker.result(worker.leases(1).getFirst().getToken(), Outcome.OUTCOME_COMPLETED);
        }
      }
    }
  }

  @Test
  void aClaimWaitsForACordonThatIsOnItsWayAndThenSeesIt() throws SQLException {
    try (TestWorker worker =
            TestWorker.join(
                one, TestWorker.hello("locked", "a", 1).toBuilder().addQueues("locked").build());
        Connection cordon =
            DriverManager.getConnection(fixture.database.url(), "postgres", "postgres");
        Statement sql = cordon.createStatement()) {
      cordon.setAutoCommit(false);
      sql.execute("SELECT FROM workers WHERE worker_id = 'locked' FOR UPDATE");
      worker.credit(1);
      fixture.jobs(one).submit(Fixture.tasks("locked-job", 1).setQueue("locked").build());
      Waiting.until("the claim waits", () -> fixture.number(WAITING_FOR_A_LOCK) == 1);
      sql.execute("UPDATE workers SET cordoned = true WHERE worker_id = 'locked'");
      cordon.commit();
      Waiting.until("the claim goes on", () -> fixture.number(WAITING_FOR_A_LOCK) == 0);
      worker.beat();
      Waiting.until(
          "heartbeat answered",
          () -> worker.heard().stream().anyMatch(OrchestratorMessage::hasRenewal));
      assertThat(fixture.job(one, "locked-job").getTasks().getRunning()).isZero();
      assertThat(worker.leases()).isEmpty();
    }
  }

  @Test
  void badNamesAreRefusedWithASentence() {
    assertThatThrownBy(() -> cordon(one, "", "", true))
        .hasMessageContaining("INVALID_ARGUMENT: worker_id is ''");
    assertThat(cordon(one, "nobody", "", true).getOutcome())
        .isEqualTo(CordonResponse.Outcome.OUTCOME_UNKNOWN);
  }
}
