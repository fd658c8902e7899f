package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.worker.core.ConnectionState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class PollingTest extends PollingBench {
  @Test
  void anOrchestratorWithoutTheWorkStreamIsPolledWithAllSlots() {
    FakeCalls calls = bench.polling();

    assertThat(calls.open(ASSIGN)).hasSize(2);
    assertThat(calls.open(ASSIGN))
        .allMatch(call -> ((AssignTaskRequest) call.request).getWorkerId().equals("w"))
        .allMatch(call -> call.deadline.compareTo(Duration.ofSeconds(5)) > 0);
    assertThat(bench.slots.free()).isZero();
    assertThat(bench.facts.connection()).isEqualTo(ConnectionState.CONNECTED);
    assertThat(bench.facts.wire()).contains(Facts.Wire.OLD);
    assertThat(bench.facts.lastHeartbeat()).isPresent();
  }

  @Test
  void theWorkStreamIsNotTriedAgainWhileTheConnectionStands() {
    FakeCalls calls = bench.polling();
    for (int i = 0; i < 20; i++) {
      calls
          .open(ASSIGN)
          .forEach(
              call -> call.refuse(Status.UNKNOWN.withDescription("no tasks available"), false));
      bench.step(Duration.ofSeconds(5));
    }

    assertThat(bench.orchestrator.streams).hasSize(1);
    assertThat(calls.all("RegisterWorker")).hasSize(1);
    assertThat(calls.open(ASSIGN)).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"OK"},
      mode = EnumSource.Mode.EXCLUDE)
  void whateverErrorAssignTaskAnswersTheSlotAsksAgainAfterFiveSeconds(Status.Code code) {
    FakeCalls calls = bench.polling();
    calls.open(ASSIGN).getFirst().refuse(code.toStatus(), false);
    bench.drainLoop();
    bench.step(Duration.ofMillis(4_990));
    assertThat(calls.open(ASSIGN)).hasSize(1);
    assertThat(bench.slots.free()).isEqualTo(1);
    bench.step(BLINK);
    assertThat(calls.open(ASSIGN)).hasSize(2);
    assertThat(bench.facts.connection()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void aSlotThatIsFreeAgainAsksAtOnce() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    assertThat(calls.open(ASSIGN)).hasSize(1);
    bench.order("a", "epoch");
    bench.order("a", "end");
    TaskCompletionRequest completion = completion(calls);
    assertThat(completion.getTaskId()).isEqualTo("a");
    assertThat(completion.getJobId()).isEqualTo("job");
    assertThat(completion.getWorkerId()).isEqualTo("w");
    assertThat(completion.getSuccess()).isTrue();
    assertThat(completion.getLoss()).isEqualTo(1);
    assertThat(completion.getModelWeights()).isEqualTo(com.google.protobuf.ByteString.EMPTY);
    assertThat(calls.open(ASSIGN)).hasSize(2);
  }

  @Test
  void aBrokenConnectionLeadsBackToTheWorkStreamAndWhatIsOwedIsKept() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    hand(calls, "b");
    bench.order("a", "end");
    completion(calls);
    calls.open(COMPLETE).getFirst().refuse(Status.UNAVAILABLE, true);
    bench.drainLoop();
    assertThat(bench.facts.connection()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(bench.facts.active()).isEqualTo(1);
    calls.open(ASSIGN).forEach(call -> call.refuse(Status.UNAVAILABLE, true));
    calls.open(STATUS).forEach(call -> call.refuse(Status.UNAVAILABLE, true));
    bench.drainLoop();
    assertThat(calls.open(COMPLETE)).isEmpty();
    bench.polling();
    assertThat(bench.orchestrator.streams).hasSize(2);
    assertThat(completion(calls).getTaskId()).isEqualTo("a");
    acknowledge(calls);
    bench.order("b", "end");
    assertThat(completion(calls).getTaskId()).isEqualTo("b");
  }

  @Test
  void whatANewOrchestratorsPredecessorHandedOutIsReportedToTheNewOne()
      throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    calls.open(ASSIGN).getFirst().refuse(Status.UNAVAILABLE, true);
    bench.drainLoop();
    FakeOrchestrator.Stream stream = bench.connect();
    assertThat(bench.facts.wire()).contains(Facts.Wire.NEW);
    assertThat(stream.credit()).isEqualTo(1);
    bench.order("a", "end");
    bench.await(() -> bench.facts.active() == 0);
    bench.step(BLINK);
    assertThat(completion(calls).getTaskId()).isEqualTo("a");
    acknowledge(calls);
    assertThat(calls.open(ASSIGN)).isEmpty();
    assertThat(stream.credit()).isEqualTo(2);
  }

  @Test
  void aDrainLetsOutstandingAsksComeBackAndRunsWhatTheyBring() throws InterruptedException {
    FakeCalls calls = bench.polling();
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.drainLoop();
    calls.open(ASSIGN).getLast().refuse(Status.UNKNOWN, false);
    hand(calls, "late");
    bench.step(Duration.ofSeconds(6));
    assertThat(calls.open(ASSIGN)).isEmpty();
    bench.order("late", "end");
    assertThat(completion(calls).getSuccess()).isTrue();
    assertThat(bench.session.exit()).isNotDone();
    acknowledge(calls);
    assertThat(bench.session.exit().join().status()).isEqualTo(143);
  }

  @Test
  void pastTheDrainTimeRunsAndLateTasksAreReportedAsFailed() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    bench.session.drain(new Exit(143, "SIGTERM"));
    bench.session.drain(new Exit(143, "SIGTERM"));
    assertThat(completion(calls).getSuccess()).isFalse();
    assertThat(completion(calls).getErrorMessage()).isEqualTo("handed back: the worker drains");
    acknowledge(calls);
    calls.open(ASSIGN).getFirst().answer(task("late"));
    assertThat(completion(calls).getTaskId()).isEqualTo("late");
    assertThat(completion(calls).getErrorMessage()).isEqualTo("handed back: the worker drains");
    acknowledge(calls);
    assertThat(bench.session.exit().join().status()).isEqualTo(143);
  }

  @Test
  void aTaskHandedOutTwiceRunsOnceAndItsFailureIsForgottenWhenItComesAgain()
      throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    calls.open(ASSIGN).getFirst().answer(task("a"));
    bench.drainLoop();
    assertThat(bench.facts.active()).isEqualTo(1);
    bench.order("a", "fail");
    completion(calls);
    FakeCalls.Call failure = calls.open(COMPLETE).getFirst();
    hand(calls, "a");
    failure.refuse(Status.INTERNAL, false);
    bench.step(Duration.ofSeconds(6));
    assertThat(calls.all(COMPLETE)).hasSize(1);
    bench.order("a", "end");
    assertThat(completion(calls).getSuccess()).isTrue();
  }

  @Test
  void aLentSlotMakesATaskWaitForTheNextFreeOne() throws InterruptedException {
    FakeCalls calls = bench.polling();
    var loan = bench.session.borrowSlot("other");
    bench.drainLoop();
    Loan.Lent lent = (Loan.Lent) loan.join();
    hand(calls, "a");
    calls.open(ASSIGN).getFirst().answer(task("b"));
    bench.step(BLINK);
    assertThat(bench.facts.active()).isEqualTo(1);
    lent.slot().close();
    bench.step(BLINK);
    bench.await(() -> bench.facts.active() == 2);
    assertThat(bench.slots.free()).isZero();
  }

  @Test
  void halfAMinuteOfSilenceOnAConnectionThatStandsLeadsBackToTheWorkStream() {
    FakeCalls calls = bench.polling();
    silence(calls, Duration.ofSeconds(20));
    bench.step(Duration.ofSeconds(5));
    calls.open(ASSIGN).getFirst().refuse(Status.UNKNOWN, false);
    bench.drainLoop();
    silence(calls, Duration.ofSeconds(25));
    assertThat(bench.facts.connection())
        .as("it spoke in between")
        .isEqualTo(ConnectionState.CONNECTED);
    assertThat(bench.orchestrator.streams).hasSize(1);
    silence(calls, Duration.ofSeconds(5));
    assertThat(bench.facts.connection()).isNotEqualTo(ConnectionState.CONNECTED);
    bench.step(Duration.ofSeconds(1));
    assertThat(bench.orchestrator.streams).hasSize(2);
    assertThat(bench.connect().credit()).isEqualTo(2);
  }

  /** Every ask runs into its deadline, although nobody says that the connection is broken. */
  private void silence(FakeCalls calls, Duration time) {
    for (Duration left = time; left.isPositive(); left = left.minusSeconds(5)) {
      bench.step(Duration.ofSeconds(5));
      calls.open(ASSIGN).forEach(call -> call.refuse(Status.DEADLINE_EXCEEDED, false));
      bench.drainLoop();
    }
  }
}
