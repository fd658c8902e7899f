package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.HeartbeatResponse;
import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.JobMetricsResponse;
import io.tensorfleet.proto.orchestrator.RegisterWorkerRequest;
import io.tensorfleet.proto.orchestrator.RegisterWorkerResponse;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import io.tensorfleet.proto.orchestrator.WorkerCapabilities;
import io.tensorfleet.worker.core.ConnectionState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class PollingTest {
  private static final String ASSIGN = "AssignTask";
  private static final String COMPLETE = "ReportTaskCompletion";
  private static final String STATUS = "GetJobStatus";
  private static final String METRICS = "UpdateJobMetrics";
  private static final Duration BLINK = Duration.ofMillis(50);

  private final Bench bench = new Bench(2);

  @AfterEach
  void close() {
    bench.close();
  }

  private static AssignTaskResponse task(String id) {
    return AssignTaskResponse.newBuilder()
        .setTaskId(id)
        .setJobId("job")
        .setModelType("xgboost")
        .setEpoch(4)
        .build();
  }

  /** Hands a task out and waits until it runs. */
  private void hand(FakeCalls calls, String id) throws InterruptedException {
    int before = bench.facts.active();
    calls.open(ASSIGN).getFirst().answer(task(id));
    bench.await(() -> bench.facts.active() == before + 1);
  }

  private TaskCompletionRequest completion(FakeCalls calls) throws InterruptedException {
    bench.await(() -> !calls.open(COMPLETE).isEmpty());
    return (TaskCompletionRequest) calls.open(COMPLETE).getFirst().request;
  }

  private void acknowledge(FakeCalls calls) {
    calls
        .open(COMPLETE)
        .getFirst()
        .answer(TaskCompletionResponse.newBuilder().setAcknowledged(true).build());
    bench.drainLoop();
  }

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
  void aCompletionIsOfferedUntilItIsAcknowledgedAndOnlyOneAtATime() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    bench.order("a", "fail");
    assertThat(completion(calls).getErrorMessage()).contains("made to fail");
    bench.step(Duration.ofSeconds(9));
    assertThat(calls.all(COMPLETE)).hasSize(1);
    for (int i = 0; i < 20; i++) {
      calls.open(COMPLETE).getFirst().refuse(Status.UNKNOWN, false);
      bench.drainLoop();
      bench.step(Duration.ofSeconds(6));
    }
    assertThat(calls.all(COMPLETE)).hasSize(21);
    acknowledge(calls);
    bench.step(Duration.ofSeconds(6));
    assertThat(calls.all(COMPLETE)).hasSize(21);
  }

  @Test
  void aCompletionThatTheOrchestratorWillNotHaveIsGivenUpAfterFiveTries()
      throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    bench.order("a", "end");
    completion(calls);
    for (int i = 0; i < 9; i++) {
      calls
          .open(COMPLETE)
          .forEach(call -> call.answer(TaskCompletionResponse.getDefaultInstance()));
      bench.step(Duration.ofSeconds(6));
    }
    assertThat(calls.all(COMPLETE)).hasSize(5);
  }

  @Test
  void metricsOfAJobAreJoinedAndTheNewestWins() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    bench.order("a", "epoch");
    bench.await(
        () -> {
          bench.session.tick();
          return calls.open(METRICS).size() == 1;
        });
    for (int i = 0; i < 5; i++) {
      bench.order("a", "epoch");
    }
    bench.order("a", "end");
    completion(calls);
    assertThat(calls.all(METRICS)).hasSize(1);
    calls.open(METRICS).getFirst().refuse(Status.INTERNAL, false);
    bench.step(BLINK);
    JobMetricsRequest last = (JobMetricsRequest) calls.open(METRICS).getFirst().request;
    assertThat(last.getJobId()).isEqualTo("job");
    assertThat(last.getEpoch()).isEqualTo(4 + 5);
    assertThat(last.getLoss()).isEqualTo(6);
    calls.open(METRICS).getFirst().answer(JobMetricsResponse.getDefaultInstance());
    bench.step(BLINK);
    assertThat(calls.all(METRICS)).hasSize(2);
  }

  @Test
  void eachJobIsAskedAboutEachHalfSecondHoweverManyTasksItHas() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    hand(calls, "b");
    for (int i = 0; i < 40; i++) {
      bench.step(BLINK);
      calls.open(STATUS).forEach(call -> call.answer(status("RUNNING")));
    }
    assertThat(calls.all(STATUS)).as("at 0, 0.5, 1, 1.5 and 2 s").hasSize(5);
  }

  private static GetJobStatusResponse status(String state) {
    return GetJobStatusResponse.newBuilder().setJobId("job").setStatus(state).build();
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"CANCELLED", "FAILED"})
  void theTasksOfAJobThatIsOverAreStopped(String state) throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    hand(calls, "b");
    bench.step(BLINK);
    calls.open(STATUS).getFirst().answer(status(state));
    bench.await(() -> bench.facts.active() == 0 && calls.open(COMPLETE).size() == 2);
    assertThat(calls.open(COMPLETE))
        .extracting(call -> (TaskCompletionRequest) call.request)
        .allMatch(request -> !request.getSuccess())
        .allMatch(request -> request.getErrorMessage().equals("the job job is " + state));
  }

  @Test
  void aJobThatIsNotKnownOrNotToldGoesOn() throws InterruptedException {
    FakeCalls calls = bench.polling();
    hand(calls, "a");
    bench.step(BLINK);
    calls.open(STATUS).getFirst().refuse(Status.NOT_FOUND, false);
    bench.step(Duration.ofMillis(500));
    calls.open(STATUS).getFirst().refuse(Status.INTERNAL, false);
    bench.step(Duration.ofMillis(500));
    assertThat(calls.open(STATUS)).hasSize(1);
    assertThat(bench.facts.active()).isEqualTo(1);
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
  void aRegisteredWorkerSendsHeartbeatsAndStopsWhatIsLost() throws InterruptedException {
    bench.step(BLINK);
    bench.orchestrator.last().events.closed(Status.UNIMPLEMENTED);
    bench.drainLoop();
    FakeCalls calls = bench.orchestrator.calls;
    FakeCalls.Call register = calls.open("RegisterWorker").getFirst();
    assertThat(((RegisterWorkerRequest) register.request).getCapabilities())
        .isEqualTo(
            WorkerCapabilities.newBuilder().setCpuCores(7).setMemoryGb(3).setMaxTasks(2).build());
    register.answer(
        RegisterWorkerResponse.newBuilder()
            .setRegistered(true)
            .setHeartbeatIntervalMs(2_000)
            .build());
    bench.drainLoop();
    answerBeat(calls);
    hand(calls, "a");
    hand(calls, "b");
    bench.step(Duration.ofMillis(1_900));
    assertThat(calls.open("Heartbeat")).isEmpty();
    bench.step(Duration.ofMillis(200));
    assertThat(((HeartbeatRequest) calls.open("Heartbeat").getFirst().request).getTaskIdsList())
        .containsExactly("a", "b");
    answerBeat(calls, "a");
    bench.await(() -> bench.facts.active() == 1);
    bench.step(BLINK);
    assertThat(calls.all(COMPLETE)).isEmpty();
    assertThat(calls.open(ASSIGN)).hasSize(1);
    assertThat(bench.facts.heartbeats()).isEqualTo(2);
  }

  private void answerBeat(FakeCalls calls, String... lost) {
    calls
        .open("Heartbeat")
        .getFirst()
        .answer(HeartbeatResponse.newBuilder().addAllLostTaskIds(java.util.List.of(lost)).build());
    bench.drainLoop();
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
  void aTaskWithNonsenseIsReportedAsFailedAndNeverRuns() throws InterruptedException {
    FakeCalls calls = bench.polling();
    calls.open(ASSIGN).getFirst().answer(task("bad").toBuilder().setBatchStart(-1).build());
    assertThat(completion(calls).getErrorMessage()).contains("batch_start: -1");
    calls.open(ASSIGN).getFirst().answer(AssignTaskResponse.getDefaultInstance());
    bench.drainLoop();
    assertThat(bench.facts.active()).isZero();
    assertThat(bench.slots.free()).isEqualTo(2);
    bench.step(Duration.ofSeconds(5));
    assertThat(calls.open(ASSIGN)).hasSize(2);
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
  void withFourThousandCompletionsOwedItAsksForNoMoreUntilOneIsTaken() throws InterruptedException {
    try (Bench wide = new Bench(64)) {
      FakeCalls calls = wide.polling();
      for (int owed = 0; owed < 4096; owed += 64) {
        assertThat(calls.open(ASSIGN)).as("asks with %d owed", owed).hasSize(64);
        for (FakeCalls.Call ask : calls.open(ASSIGN)) {
          ask.answer(task("bad-" + calls.all.indexOf(ask)).toBuilder().setBatchStart(-1).build());
        }
        wide.drainLoop();
        wide.step(Duration.ofSeconds(5));
      }
      assertThat(calls.open(ASSIGN)).isEmpty();
      assertThat(wide.facts.connection()).isEqualTo(ConnectionState.CONNECTED);
      acknowledge(calls);
      wide.step(BLINK);
      assertThat(calls.open(ASSIGN)).hasSize(64);
    }
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

  @Test
  void aTaskThatCannotBeBegunIsReportedAsFailedAndItsSlotAsksAgain() throws InterruptedException {
    FakeCalls calls = bench.polling();
    bench.clock =
        () -> {
          throw new IllegalStateException("the clock is gone");
        };
    calls.open(ASSIGN).getFirst().answer(task("a"));
    assertThat(completion(calls).getErrorMessage())
        .contains("could not be begun", "the clock is gone");
    assertThat(completion(calls).getSuccess()).isFalse();
    bench.step(Duration.ofSeconds(5));
    assertThat(calls.open(ASSIGN)).hasSize(2);
  }
}
