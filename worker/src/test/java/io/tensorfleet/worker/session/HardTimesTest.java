package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.Bench.token;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.grpc.Status;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Lost;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.core.ConnectionState;
import io.tensorfleet.worker.engine.Strays;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session when things go otherwise than they should. */
@Timeout(30)
class HardTimesTest {
  private static final Duration BLINK = Duration.ofMillis(50);

  private final Bench bench = new Bench(2);
  private final Logged logged = new Logged();

  @AfterEach
  void close() {
    bench.close();
    logged.close();
  }

  private void run(FakeOrchestrator.Stream stream, String task) throws InterruptedException {
    int before = bench.facts.active();
    stream.lease(token(task));
    bench.await(() -> bench.facts.active() == before + 1);
  }

  private void lose(FakeOrchestrator.Stream stream, LeaseToken token) {
    Renewal renewal = Renewal.newBuilder().addLost(Lost.newBuilder().setToken(token)).build();
    stream.events.message(OrchestratorMessage.newBuilder().setRenewal(renewal).build());
    bench.drainLoop();
  }

  @Test
  void aStepThatThrowsIsLoggedAndTheSessionGoesOnWithItsLeases() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    run(stream, "a");
    bench.post(
        () -> {
          throw new IllegalStateException("made to stumble");
        });
    bench.drainLoop();
    assertThat(logged.with("a step of the session failed"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.ERROR);
              assertThat(event.getThrowableProxy().getMessage()).isEqualTo("made to stumble");
            });
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
  }

  @Test
  void aStreamThatRefusesToSendLosesNoResult() throws InterruptedException {
    FakeOrchestrator.Stream first = bench.connect();
    run(first, "a");
    first.broken = true;
    bench.order("a", "end");
    bench.await(() -> !logged.with("a step of the session failed").isEmpty());
    assertThat(first.results()).isEmpty();
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    assertThat(bench.connect(token("a")).results()).hasSize(1);
  }

  @Test
  void aHeartbeatIntervalAboveAThirdOfTheLeaseYieldsToTheOrchestratorsAndIsWarnedOf() {
    try (Bench own = new Bench(1, Optional.of(Duration.ofSeconds(4)), Strays.GRACE)) {
      FakeOrchestrator.Stream stream = own.connect();
      own.step(Duration.ofMillis(2_100));
      assertThat(heartbeats(stream)).isEqualTo(1);
      assertThat(logged.with("HEARTBEAT_INTERVAL 4s is not below a third of the lease of 10s"))
          .hasSize(1);
    }
  }

  @Test
  void aHeartbeatIntervalBelowAThirdOfTheLeaseHolds() {
    try (Bench own = new Bench(1, Optional.of(Duration.ofSeconds(1)), Strays.GRACE)) {
      FakeOrchestrator.Stream stream = own.connect();
      own.step(Duration.ofMillis(1_100));
      assertThat(heartbeats(stream)).isEqualTo(1);
      assertThat(logged.with("HEARTBEAT_INTERVAL")).isEmpty();
    }
  }

  private static long heartbeats(FakeOrchestrator.Stream stream) {
    return stream.received.stream().filter(WorkerMessage::hasHeartbeat).count();
  }

  @Test
  void aLateLossOfALeaseThatHasEndedChangesNothing() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    run(stream, "a");
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    lose(stream, token("a"));
    assertThat(bench.facts.leaseLosses()).isZero();
    bench.step(Duration.ofSeconds(6));
    assertThat(stream.results()).as("sent again: its verdict has not come").hasSize(2);
    stream.verdict(token("a"), Verdict.Kind.KIND_ACCEPTED);
    bench.drainLoop();
    lose(stream, token("a"));
    assertThat(bench.facts.leaseLosses()).isZero();
    assertThat(bench.slots.free()).isZero();
    assertThat(stream.credit()).isEqualTo(3);
  }

  @Test
  void aLeaseThatComesTwiceRunsOnceAndItsSecondSlotIsOfferedAgain() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    run(stream, "a");
    stream.lease(token("a"));
    bench.step(BLINK);
    assertThat(bench.facts.active()).isEqualTo(1);
    assertThat(stream.credit()).as("two, and one for the slot that was not used").isEqualTo(3);
    bench.order("a", "end");
    bench.await(() -> stream.results().size() == 1);
    stream.lease(token("a"));
    bench.step(BLINK);
    assertThat(bench.facts.active()).isZero();
  }

  @Test
  void aStreamOnWhichNoWelcomeComesIsGivenUpAfterTenSeconds() {
    bench.step(BLINK);
    FakeOrchestrator.Stream mute = bench.orchestrator.last();
    bench.step(Duration.ofSeconds(10));
    assertThat(mute.abandoned).isEmpty();
    bench.step(BLINK);
    assertThat(mute.abandoned).contains("no welcome came");
    assertThat(bench.facts.connection()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(bench.facts.lastError()).contains("no welcome came within 10s");
    bench.connect();
    assertThat(bench.orchestrator.streams).hasSize(2);
    mute.welcome();
    bench.drainLoop();
    assertThat(mute.credit()).isZero();
  }

  @Test
  void resultsWaitWhileWhatWasSentPilesUp() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    run(stream, "a");
    stream.ready = false;
    bench.order("a", "end");
    bench.await(() -> bench.facts.active() == 0 && stream.credit() == 3);
    for (int i = 0; i < 10; i++) {
      bench.step(Duration.ofSeconds(6));
    }
    assertThat(stream.results()).isEmpty();
    assertThat(heartbeats(stream)).isPositive();
    stream.ready = true;
    bench.step(BLINK);
    assertThat(stream.results()).hasSize(1);
  }

  @Test
  void helloCarriesTheCapabilitiesOnEachConnection() {
    FakeOrchestrator.Stream first = bench.connect();
    first.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    FakeOrchestrator.Stream second = bench.connect();
    for (FakeOrchestrator.Stream stream : bench.orchestrator.streams) {
      assertThat(stream.received.getFirst().getHello().getCapabilities().getCpuCores())
          .isEqualTo(7);
      assertThat(stream.received.getFirst().getHello().getSlots()).isEqualTo(2);
    }
    assertThat(second).isNotSameAs(first);
  }

  @Test
  void theOldWireIsFoundOnceAndSaidOnceHoweverOftenTheOrchestratorRestarts() {
    for (int i = 0; i < 3; i++) {
      FakeCalls calls = bench.polling();
      calls.open("AssignTask").forEach(call -> call.refuse(Status.UNAVAILABLE, true));
      bench.drainLoop();
    }
    assertThat(bench.orchestrator.streams).hasSize(3);
    assertThat(logged.with("it speaks the old wire"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("UNIMPLEMENTED", "RegisterWorker: UNIMPLEMENTED", "2 slots"));
  }

  @Test
  void leasesOfANewOrchestratorWhoseSuccessorIsOldAreLostByTheirTime() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    run(stream, "a");
    stream.events.closed(Status.UNAVAILABLE);
    bench.drainLoop();
    FakeCalls calls = bench.polling();
    assertThat(calls.open("AssignTask")).hasSize(1);
    assertThat(bench.facts.active()).isEqualTo(1);
    bench.step(Duration.ofSeconds(5));
    bench.await(() -> bench.facts.active() == 0);
    assertThat(bench.facts.leaseLosses()).isEqualTo(1);
    bench.step(BLINK);
    assertThat(calls.open("AssignTask")).hasSize(2);
    assertThat(calls.all("ReportTaskCompletion")).isEmpty();
  }

  @Test
  void aLeaseThatCannotBeBegunIsHandedBackAndItsSlotOfferedAgain() throws InterruptedException {
    FakeOrchestrator.Stream stream = bench.connect();
    bench.clock =
        () -> {
          throw new IllegalStateException("the clock is gone");
        };
    stream.lease(token("a"));
    bench.drainLoop();
    assertHandedBack(stream, "the clock is gone");
    bench.clock = () -> Instant.EPOCH;
    bench.step(BLINK);
    assertThat(stream.credit()).isEqualTo(3);
    run(stream, "b");
  }

  @Test
  void aLeaseWhoseTimeoutIsNoneIsHandedBackAndItsSlotOfferedAgain() {
    FakeOrchestrator.Stream stream = bench.connect();
    stream.lease(
        lease ->
            lease.setRunTimeout(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(Long.MAX_VALUE)
                    .setNanos(Integer.MAX_VALUE)));
    bench.drainLoop();
    assertHandedBack(stream, "overflow");
    bench.step(BLINK);
    assertThat(stream.credit()).isEqualTo(3);
  }

  private static void assertHandedBack(FakeOrchestrator.Stream stream, String why) {
    assertThat(stream.received.stream().filter(WorkerMessage::hasReturning))
        .singleElement()
        .satisfies(
            message ->
                assertThat(message.getReturning().getLeases(0).getReason())
                    .contains("could not be begun", why));
  }
}
