package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.Bench.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Lost;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Outcome;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.core.ConnectionState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionTest {
  private static final Duration BLINK = Duration.ofMillis(50);

  /** Over the first back-off, far below the five seconds after which a result is sent anyway. */
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);

  private final Bench bench = new Bench(2);

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void creditIsGrantedAfterWelcomeAndOnlyForSlotsTaken() throws InterruptedException {
    bench.step(BLINK);
    assertThat(bench.orchestrator.last().credit()).isZero();
    FakeOrchestrator.Stream stream = bench.connect();
    assertThat(stream.credit()).isEqualTo(2);
    assertThat(bench.slots.free()).isZero();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    assertThat(stream.credit()).isEqualTo(2);
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    assertThat(stream.credit()).isEqualTo(3);
  }

  @Test
  void creditIsVoidAfterAReconnectAndGrantedAnew() {
    FakeOrchestrator.Stream first = bench.connect();
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    assertThat(bench.slots.free()).isEqualTo(2);
    assertThat(bench.connect().credit()).isEqualTo(2);
  }

  @Test
  void aLeaseWithoutASlotIsHandedBack() {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    stream.lease(token("b"));
    stream.lease(token("c"));
    bench.drainLoop();
    assertThat(stream.received.getLast().getReturning().getLeases(0).getToken())
        .isEqualTo(token("c"));
    assertThat(bench.facts.active()).isEqualTo(2);
  }

  @Test
  void aLostLeaseStopsItsTaskAndSendsNoResult() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    Renewal renewal = Renewal.newBuilder().addLost(Lost.newBuilder().setToken(token("a"))).build();
    stream.events.message(OrchestratorMessage.newBuilder().setRenewal(renewal).build());
    bench.await(() -> bench.facts.active() == 0 && stream.credit() == 3);
    assertThat(stream.results()).isEmpty();
    assertThat(bench.facts.leaseLosses()).isEqualTo(1);
  }

  @Test
  void aLeaseThatIsNotRenewedIsStoppedByTheWorkersOwnClock() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    stream.events.closed(Status.UNAVAILABLE);
    bench.orchestrator.away = true;
    bench.step(Duration.ofMillis(9_900));
    assertThat(bench.facts.leaseLosses()).isZero();
    bench.step(Duration.ofMillis(200));
    bench.await(() -> bench.facts.active() == 0);
    assertThat(bench.facts.leaseLosses()).isEqualTo(1);
  }

  @Test
  void renewalKeepsALeaseAlive() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    for (int i = 0; i < 10; i++) {
      bench.step(Duration.ofSeconds(2));
      Renewal renewal = Renewal.newBuilder().addRenewed(token("a")).build();
      stream.events.message(OrchestratorMessage.newBuilder().setRenewal(renewal).build());
    }
    bench.drainLoop();
    assertThat(bench.facts.active()).isEqualTo(1);
    assertThat(heartbeats(stream)).isEqualTo(10);
    assertThat(stream.received.stream().filter(WorkerMessage::hasHeartbeat).toList())
        .allMatch(m -> m.getHeartbeat().getLeasesList().contains(token("a")));
  }

  private static long heartbeats(FakeOrchestrator.Stream stream) {
    return stream.received.stream().filter(WorkerMessage::hasHeartbeat).count();
  }

  @Test
  void helloNamesHeldLeasesAndWhatIsNotKeptIsStopped() throws InterruptedException {
    FakeOrchestrator.Stream first = bench.connect();
    first.lease(token("kept"));
    first.lease(token("dropped"));
    bench.await(() -> bench.facts.active() == 2);
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    FakeOrchestrator.Stream second = bench.connect(token("kept"));
    assertThat(second.received.getFirst().getHello().getHeldList())
        .containsExactlyInAnyOrder(token("kept"), token("dropped"));
    bench.await(() -> bench.facts.active() == 1);
    bench.order("kept", "end");
    bench.await(() -> second.results().size() == 1);
    assertThat(second.results()).extracting(Result::getToken).containsExactly(token("kept"));
  }

  @Test
  void aResultIsSentAgainAfterAReconnectUntilItsVerdictCame() throws InterruptedException {
    FakeOrchestrator.Stream first = bench.connect();
    first.lease(token("a"));
    bench.order("a", "end");
    bench.await(() -> first.results().size() == 1);
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    FakeOrchestrator.Stream second = bench.connectAfter(FIRST_BACK_OFF);
    assertThat(second).isNotSameAs(first);
    assertThat(second.received.getFirst().getHello().getHeldList()).containsExactly(token("a"));
    assertThat(second.results()).isEqualTo(first.results());
    second.verdict(token("a"), Verdict.Kind.KIND_STALE);
    bench.drainLoop();
    second.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    FakeOrchestrator.Stream third = bench.connect();
    assertThat(third.received.getFirst().getHello().getHeldList()).isEmpty();
    assertThat(third.results()).isEmpty();
  }

  @Test
  void aResultWithoutAVerdictIsSentAgainOnTheSameStreamAfterFiveSeconds()
      throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    bench.step(Duration.ofMillis(4_900));
    assertThat(stream.results()).hasSize(1);
    bench.step(Duration.ofMillis(200));
    assertThat(stream.results()).hasSize(2);
  }

  @Test
  void aResultMadeWhileDisconnectedIsSentAfterTheNextWelcome() throws InterruptedException {
    FakeOrchestrator.Stream first = bench.connect();
    first.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    bench.order("a", "end");
    bench.await(() -> bench.facts.active() == 0);
    FakeOrchestrator.Stream second = bench.connect(token("a"));
    assertThat(second.results()).hasSize(1);
  }

  @Test
  void progressIsJoinedAndTheNewestWins() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    bench.step(BLINK);
    stream.lease(token("a"));
    for (int i = 0; i < 150; i++) {
      bench.order("a", "epoch");
    }
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    var reports = stream.received.stream().filter(WorkerMessage::hasProgress).toList();
    assertThat(reports).hasSize(1);
    var entry = reports.getFirst().getProgress().getEntries(0);
    assertThat(entry.getEpochsDone()).isEqualTo(150);
    assertThat(entry.getLogLinesCount()).isEqualTo(100);
    assertThat(entry.getLogLines(99)).startsWith("epoch 150/");
  }

  @Test
  void aCancelledTaskReportsThatItWas() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    CancelLease cancel =
        CancelLease.newBuilder().setToken(token("a")).setReason("a person asked").build();
    stream.events.message(OrchestratorMessage.newBuilder().setCancel(cancel).build());
    bench.await(() -> stream.results().size() == 1);
    assertThat(stream.results().getFirst().getOutcome()).isEqualTo(Outcome.OUTCOME_CANCELLED);
    assertThat(stream.results().getFirst().getError()).contains("a person asked");
  }

  @Test
  void aFailingTrainerGivesAFailedOutcomeAndTheWorkerGoesOn() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("bad"));
    bench.order("bad", "fail");
    bench.await(() -> stream.results().size() == 1);
    assertThat(stream.results().getFirst().getOutcome()).isEqualTo(Outcome.OUTCOME_FAILED);
    stream.lease(token("good"));
    bench.order("good", "end");
    bench.await(() -> stream.results().size() == 2);
    assertThat(stream.results().getLast().getOutcome()).isEqualTo(Outcome.OUTCOME_COMPLETED);
  }

  @Test
  void drainFinishesWhatRunsWithHeartbeatsUntilTheLastVerdict() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.drainLoop();
    assertThat(stream.received.getLast().getDraining().getReason()).isEqualTo("SIGTERM");
    int creditBefore = stream.credit();
    bench.step(Duration.ofSeconds(3));
    assertThat(heartbeats(stream)).isEqualTo(1);
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    bench.step(Duration.ofSeconds(3));
    assertThat(heartbeats(stream)).isEqualTo(2);
    assertThat(bench.session.exit()).isNotDone();
    assertThat(stream.credit()).isEqualTo(creditBefore);
    stream.verdict(token("a"), Verdict.Kind.KIND_ACCEPTED);
    bench.drainLoop();
    assertThat(stream.completed).isTrue();
    stream.events.closed(Status.OK);
    bench.drainLoop();
    assertThat(bench.session.exit().join().status()).isEqualTo(143);
  }

  @Test
  void pastTheDrainTimeLeasesAreHandedBack() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.drainLoop();
    Renewal renewal = Renewal.newBuilder().addRenewed(token("a")).build();
    for (int i = 0; i < 12; i++) {
      bench.step(Duration.ofSeconds(5));
      stream.events.message(OrchestratorMessage.newBuilder().setRenewal(renewal).build());
    }
    bench.await(() -> stream.received.stream().anyMatch(WorkerMessage::hasReturning));
    assertThat(stream.results()).isEmpty();
    stream.verdict(token("a"), Verdict.Kind.KIND_ACCEPTED);
    bench.drainLoop();
    assertThat(stream.completed).isTrue();
  }

  @Test
  void aSecondSignalHastensTheHandBack() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.await(() -> stream.received.stream().anyMatch(WorkerMessage::hasReturning));
  }

  @Test
  void anIdleWorkerLeavesAtOnceEvenWithoutAnOrchestrator() {
    bench.orchestrator.away = true;
    bench.step(BLINK);
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.drainLoop();
    assertThat(bench.session.exit().join().status()).isEqualTo(143);
  }

  @Test
  void withoutAnOrchestratorItKeepsTryingAndSaysSo() {
    bench.orchestrator.away = true;
    for (int i = 0; i < 20; i++) {
      bench.step(Duration.ofSeconds(6));
    }
    assertThat(bench.orchestrator.streams).hasSize(20);
    assertThat(bench.facts.connection()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(bench.facts.lastError()).contains("away");
    bench.orchestrator.away = false;
    bench.connect();
    assertThat(bench.facts.connection()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void aNewerIncarnationEndsThisOne() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(token("a"));
    bench.await(() -> bench.facts.active() == 1);
    stream.events.closed(Status.ALREADY_EXISTS.withDescription("incarnation x"));
    bench.await(() -> bench.facts.active() == 0);
    Exit exit = bench.session.exit().join();
    assertThat(exit.status()).isEqualTo(1);
    assertThat(exit.sentence()).contains("worker id w", "incarnation x", "WORKER_ID");
  }

  @Test
  void eventsOfAnEarlierStreamAreNotHeard() {
    FakeOrchestrator.Stream first = bench.connect();
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    bench.connect();
    first.events.closed(Status.ALREADY_EXISTS);
    first.lease(token("ghost"));
    bench.drainLoop();
    assertThat(bench.session.exit()).isNotDone();
    assertThat(bench.facts.active()).isZero();
  }
}
