package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.TaskState;
import io.tensorfleet.proto.v1.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who holds a task when streams break, workers fall silent, and processes replace one another. */
class LeaseIT {
  private static Fixture fixture;
  private static Orchestrator one;
  private static Orchestrator two;

  @BeforeAll
  static void start() {
    fixture = new Fixture(Duration.ofSeconds(4), Duration.ofSeconds(2));
    one = fixture.orchestrator("one");
    two = fixture.orchestrator("two");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static Hello hello(String queue, String id, String incarnation) {
    return TestWorker.hello(id, incarnation, 2).toBuilder().addQueues(queue).build();
  }

  private static Lease firstLease(String queue, TestWorker worker) {
    fixture.jobs(one).submit(Fixture.tasks(queue + "-job", 1).setQueue(queue).build());
    worker.credit(1);
    return worker.leases(1).getFirst();
  }

  @Test
  void aSilentWorkersTaskRunsElsewhereAndItsOldTokenIsRefused() {
    try (TestWorker silent = TestWorker.join(one, hello("silent", "s1", "a"));
        TestWorker other = TestWorker.join(two, hello("silent", "s2", "a"))) {
      LeaseToken old = firstLease("silent", silent).getToken();
      other.credit(1);
      Waiting.until("a lease, among heartbeats", () -> leasedAfterBeat(other));
      LeaseToken fresh = other.leases(1).getFirst().getToken();
      assertThat(fresh.getFence()).isGreaterThan(old.getFence());
      silent.result(old, Outcome.OUTCOME_COMPLETED);
      assertThat(silent.verdict(old)).isEqualTo(Verdict.Kind.KIND_STALE);
      silent.beat(old);
      Waiting.until(
          "the old lease is lost",
          () -> silent.heard().stream().anyMatch(m -> m.getRenewal().getLostCount() == 1));
      assertThat(fixture.task(one, "silent-job-0").getState())
          .isEqualTo(TaskState.TASK_STATE_RUNNING);
      other.result(fresh, Outcome.OUTCOME_COMPLETED);
      assertThat(other.verdict(fresh)).isEqualTo(Verdict.Kind.KIND_ACCEPTED);
    }
  }

  private static boolean leasedAfterBeat(TestWorker worker) {
    worker.beat();
    java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
    return !worker.leases().isEmpty();
  }

  @Test
  void heartbeatsKeepALeaseBeyondItsLength() {
    try (TestWorker worker = TestWorker.join(one, hello("alive", "alive", "a"))) {
      LeaseToken token = firstLease("alive", worker).getToken();
      long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      Waiting.until(
          "five seconds of heartbeats",
          () -> {
            worker.beat(token);
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
            return System.nanoTime() > end;
          });
      worker.result(token, Outcome.OUTCOME_COMPLETED);
      assertThat(worker.verdict(token)).isEqualTo(Verdict.Kind.KIND_ACCEPTED);
    }
  }

  @Test
  void aBrokenStreamKeepsItsLeasesForTheWindowThenTheyGoBack() {
    try (TestWorker broken = TestWorker.join(one, hello("broken", "b1", "a"));
        TestWorker other = TestWorker.join(one, hello("broken", "b2", "a"))) {
      LeaseToken old = firstLease("broken", broken).getToken();
      long start = System.nanoTime();
      broken.die();
      other.credit(1);
      Lease fresh = other.leases(1).getFirst();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
      assertThat(fresh.getToken().getTaskId()).isEqualTo(old.getTaskId());
      assertThat(fresh.getToken().getAttempt()).isEqualTo(2);
      other.result(fresh.getToken(), Outcome.OUTCOME_COMPLETED);
    }
  }

  private static void reconnects(String queue, Orchestrator to) {
    TestWorker first = TestWorker.join(one, hello(queue, queue, "a"));
    LeaseToken token = firstLease(queue, first).getToken();
    first.die();
    LeaseToken invented =
        token.toBuilder().setFence(token.getFence() + 5).setTaskId("nothing-3").build();
    Hello again = hello(queue, queue, "a").toBuilder().addHeld(token).addHeld(invented).build();
    try (TestWorker second = TestWorker.join(to, again)) {
      assertThat(second.welcome().getKeptList()).containsExactly(token);
      second.result(token, Outcome.OUTCOME_COMPLETED);
      assertThat(second.verdict(token)).isEqualTo(Verdict.Kind.KIND_ACCEPTED);
    }
  }

  @Test
  void aWorkerThatReconnectsKeepsItsLeases() {
    reconnects("same", one);
  }

  @Test
  void aWorkerThatReconnectsToAnotherOrchestratorKeepsItsLeases() {
    reconnects("elsewhere", two);
  }

  @Test
  void aLeaseThatTheWorkerDoesNotKnowGoesBackUntried() {
    TestWorker first = TestWorker.join(one, hello("unknown", "unknown", "a"));
    firstLease("unknown", first);
    first.die();
    try (TestWorker second = TestWorker.join(one, hello("unknown", "unknown", "a"))) {
      second.credit(1);
      Lease again = second.leases(1).getFirst();
      assertThat(
              fixture.number(
                  "SELECT spent FROM tasks JOIN jobs USING (job_no) WHERE job_id = 'unknown-job'"))
          .isZero();
      second.result(again.getToken(), Outcome.OUTCOME_COMPLETED);
    }
  }

  @Test
  void aNewerProcessReplacesTheOlderAndTheOlderCannotComeBack() {
    try (TestWorker older = TestWorker.join(one, hello("replaced", "r", "old"))) {
      firstLease("replaced", older);
      try (TestWorker newer = TestWorker.join(two, hello("replaced", "r", "new"))) {
        assertThat(older.end().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        newer.credit(1);
        assertThat(newer.leases(1)).hasSize(1);
        try (TestWorker back = TestWorker.dial(one, hello("replaced", "r", "old"))) {
          assertThat(back.end().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        }
      }
    }
  }

  @Test
  void aTaskUnderWhichThreeWorkersDiedIsADeadLetter() {
    fixture.jobs(one).submit(Fixture.tasks("deadly-job", 1).setQueue("deadly").build());
    for (int i = 0; i < 3; i++) {
      TestWorker victim = TestWorker.join(one, hello("deadly", "victim" + i, "a"));
      victim.credit(1);
      victim.leases(1);
      victim.die();
    }
    Waiting.until("the job ends", () -> fixture.job(one, "deadly-job").hasFinishedAt());
    assertThat(fixture.task(one, "deadly-job-0").getError())
        .contains("3 workers died under this task");
  }

  @Test
  void aBadHelloIsRefusedWithAllMistakes() {
    try (TestWorker bad = TestWorker.dial(one, TestWorker.hello("a b", "", 0))) {
      Status end = bad.end();
      assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(end.getDescription())
          .contains("worker_id is 'a b'", "incarnation is ''", "slots is '0'");
    }
  }

  @Test
  void closingAnOrchestratorEndsStreamsAndLeavesLeasesToTheirWorkers() {
    Orchestrator third = fixture.orchestrator("three");
    TestWorker worker = TestWorker.join(third, hello("closing", "closing", "a"));
    LeaseToken token = firstLease("closing", worker).getToken();
    third.close();
    assertThat(worker.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    try (TestWorker again =
        TestWorker.join(one, hello("closing", "closing", "a").toBuilder().addHeld(token).build())) {
      assertThat(again.welcome().getKeptList()).isEqualTo(List.of(token));
      assertThat(again.heard()).noneMatch(OrchestratorMessage::hasLeases);
    }
  }
}
