package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.ReturnedLease;
import io.tensorfleet.proto.v1.Returning;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Each limit of a lease by itself: the other one is too long to take the task back in its stead.
 */
class LeaseLimitsIT {
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final String LEASE_UNTIL =
      "SELECT (extract(epoch FROM lease_until) * 1000000)::bigint FROM tasks WHERE state = 2";

  private static Hello hello(String id) {
    return TestWorker.hello(id, "a", 1);
  }

  private static LeaseToken firstLease(Fixture fixture, Orchestrator one, TestWorker worker) {
    fixture.jobs(one).submit(Fixture.tasks("job", 1).build());
    worker.credit(1);
    return worker.leases(1).getFirst().getToken();
  }

  private static LeaseToken leasedAgain(TestWorker worker, LeaseToken first) {
    Returning returning =
        Returning.newBuilder().addLeases(ReturnedLease.newBuilder().setToken(first)).build();
    worker.say(WorkerMessage.newBuilder().setReturning(returning).build());
    worker.verdict(first);
    worker.credit(1);
    return worker.leases(2).get(1).getToken();
  }

  @Test
  void aBrokenStreamsLeasesGoBackAfterTheWindowHoweverLongTheyAre() {
    try (Fixture fixture = new Fixture(NEVER, Duration.ofMillis(300))) {
      Orchestrator one = fixture.orchestrator("one");
      TestWorker broken = TestWorker.join(one, hello("broken"));
      firstLease(fixture, one, broken);
      broken.die();
      try (TestWorker other = TestWorker.join(one, hello("other"))) {
        other.credit(1);
        assertThat(other.leases(1).getFirst().getToken().getAttempt()).isEqualTo(2);
      }
    }
  }

  @Test
  void aLeaseThatHeartbeatsLeaveOutEndsThoughItsWorkerLives() {
    try (Fixture fixture = new Fixture(Duration.ofSeconds(2), NEVER)) {
      Orchestrator one = fixture.orchestrator("one");
      try (TestWorker worker = TestWorker.join(one, hello("forgetful"))) {
        firstLease(fixture, one, worker);
        Waiting.until(
            "the lease is taken back",
            () -> {
              worker.beat();
              LockSupport.parkNanos(100_000_000);
              return worker.heard().stream().anyMatch(OrchestratorMessage::hasCancel);
            });
        assertThat(fixture.task(one, "job-0").getError()).contains("silent until the lease ended");
      }
    }
  }

  @Test
  void aHeartbeatUnderAnOldTokenLengthensNoLease() {
    try (Fixture fixture = new Fixture(NEVER, NEVER)) {
      Orchestrator one = fixture.orchestrator("one");
      try (TestWorker worker = TestWorker.join(one, hello("late"));
          TestWorker stranger = TestWorker.join(one, hello("stranger"))) {
        LeaseToken old = firstLease(fixture, one, worker);
        LeaseToken fresh = leasedAgain(worker, old);
        long until = fixture.number(LEASE_UNTIL);
        worker.beat(old);
        stranger.beat(fresh);
        lost(worker);
        lost(stranger);
        assertThat(fixture.number(LEASE_UNTIL)).isEqualTo(until);
        worker.beat(fresh);
        Waiting.until("the lease is longer", () -> fixture.number(LEASE_UNTIL) > until);
      }
    }
  }

  private static void lost(TestWorker worker) {
    Waiting.until(
        "a lease is lost",
        () -> worker.heard().stream().anyMatch(m -> m.getRenewal().getLostCount() == 1));
  }

  @Test
  void aWorkerThatReconnectsUnderAnOldTokenKeepsNothing() {
    try (Fixture fixture = new Fixture(NEVER, NEVER)) {
      Orchestrator one = fixture.orchestrator("one");
      try (TestWorker first = TestWorker.join(one, hello("late"))) {
        LeaseToken old = firstLease(fixture, one, first);
        leasedAgain(first, old);
        try (TestWorker again =
            TestWorker.join(one, hello("late").toBuilder().addHeld(old).build())) {
          assertThat(again.welcome().getKeptList()).isEmpty();
        }
      }
    }
  }

  @Test
  void aWorkerSilentForAWholeLeaseCountsAsGoneThoughItsStreamIsOpen() {
    try (Fixture fixture = new Fixture(Duration.ofSeconds(1), NEVER)) {
      try (TestWorker silent = TestWorker.join(fixture.orchestrator("one"), hello("silent"))) {
        Waiting.until(
            "it is gone",
            () -> fixture.number("SELECT count(*) FROM workers WHERE NOT connected") == 1);
        silent.beat();
        Waiting.until(
            "it is back",
            () -> fixture.number("SELECT count(*) FROM workers WHERE connected") == 1);
      }
    }
  }
}
