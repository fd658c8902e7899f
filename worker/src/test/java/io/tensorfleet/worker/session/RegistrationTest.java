package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.HeartbeatResponse;
import io.tensorfleet.proto.orchestrator.RegisterWorkerRequest;
import io.tensorfleet.proto.orchestrator.RegisterWorkerResponse;
import io.tensorfleet.proto.orchestrator.WorkerCapabilities;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RegistrationTest extends PollingBench {

  private FakeCalls registering() {
    bench.step(BLINK);
    bench.orchestrator.last().events.closed(Status.UNIMPLEMENTED);
    bench.drainLoop();
    return bench.orchestrator.calls;
  }

  private FakeCalls registered(boolean taken, long heartbeatMillis) {
    FakeCalls calls = registering();
    calls
        .open("RegisterWorker")
        .getFirst()
        .answer(
            RegisterWorkerResponse.newBuilder()
                .setRegistered(taken)
                .setHeartbeatIntervalMs(heartbeatMillis)
                .build());
    bench.drainLoop();
    return calls;
  }

  @Test
  void aRegisteredWorkerSendsHeartbeatsAndStopsWhatIsLost() throws InterruptedException {
    FakeCalls calls = registering();
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
  void aWorkerWhoseRegistrationIsRefusedPollsWithoutHeartbeats() {
    FakeCalls calls = registered(false, 2_000);
    bench.step(Duration.ofSeconds(3));
    assertThat(calls.open("Heartbeat")).isEmpty();
    assertThat(calls.open(ASSIGN)).hasSize(2);
  }

  @Test
  void itsOwnHeartbeatIntervalHoldsWhereTheOrchestratorAsksForALongerOne() {
    FakeCalls calls = registered(true, 60_000);
    answerBeat(calls);
    bench.step(Duration.ofSeconds(31));
    assertThat(calls.open("Heartbeat")).hasSize(1);
  }

  @Test
  void aHeartbeatThatIsNotTakenIsCounted() {
    FakeCalls calls = registered(true, 2_000);
    calls.open("Heartbeat").getFirst().refuse(Status.INTERNAL, false);
    bench.drainLoop();
    assertThat(bench.facts.failedHeartbeats()).isEqualTo(1);
  }
}
