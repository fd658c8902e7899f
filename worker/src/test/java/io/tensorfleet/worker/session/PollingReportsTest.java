package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.JobMetricsResponse;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import io.tensorfleet.worker.core.ConnectionState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

@Timeout(30)
class PollingReportsTest extends PollingBench {
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
