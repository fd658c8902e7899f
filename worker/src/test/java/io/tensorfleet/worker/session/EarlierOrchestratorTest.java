package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.session.LiveSession.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tensorfleet.proto.orchestrator.CancelJobRequest;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.worker.core.ConnectionState;
import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.trainer.SimulationTrainer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session against an orchestrator that answers the earlier seven calls only, over real gRPC. */
@Timeout(120)
class EarlierOrchestratorTest {
  private static final Map<String, String> LONG = Map.of("millis", "60000");

  private final EarlierOrchestrator orchestrator = new EarlierOrchestrator(Duration.ofSeconds(5));
  private final CountingTrainer trainer = new CountingTrainer();

  EarlierOrchestratorTest() throws IOException {}

  @AfterEach
  void close() {
    orchestrator.close();
  }

  private LiveSession session(int slots) {
    return new LiveSession(orchestrator.port(), slots, trainer, Duration.ofSeconds(30));
  }

  private void create(String job, int epochs, Map<String, String> how) {
    orchestrator.memory().create(EarlierMemory.job(job, "xgboost", epochs, how));
  }

  private void untilState(String job, String state) {
    until(job + " is " + state, () -> orchestrator.memory().state(job).equals(state));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aWholeJobIsTrainedEachTaskOnce(int slots) {
    create("job", 2, Map.of("millis", "50"));
    try (LiveSession live = session(slots)) {
      untilState("job", "COMPLETED");
      assertThat(trainer.most()).isEqualTo(slots);
      assertThat(trainer.runs()).hasSize(20).allSatisfy((_, runs) -> assertThat(runs).isOne());
      assertThat(orchestrator.memory().completions())
          .hasSize(20)
          .allMatch(TaskCompletionRequest::getSuccess)
          .allMatch(done -> done.getLoss() == 0.5 && done.getAccuracy() == 0.25)
          .allMatch(done -> done.getWorkerId().equals("live"));
      assertThat(orchestrator.memory().metrics())
          .isNotEmpty()
          .allMatch(said -> said.getJobId().equals("job") && said.getLoss() == 0.5);
      assertThat(live.facts.connection()).isEqualTo(ConnectionState.CONNECTED);
      assertThat(live.facts.wire()).contains(Facts.Wire.OLD);
    }
  }

  @Test
  void theTasksOfACancelledJobStopSoon() {
    create("job", 1, LONG);
    try (LiveSession _ = session(4)) {
      until("four run", () -> trainer.now() == 4);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", orchestrator.port()).usePlaintext().build();
      cancel(channel);
      long since = System.nanoTime();
      until("none runs", () -> trainer.now() == 0);
      long millis = Duration.ofNanos(System.nanoTime() - since).toMillis();
      channel.shutdownNow();
      System.out.println("FIGURE cancelled job: its 4 tasks stopped after " + millis + " ms");
      assertThat(millis).isLessThan(5_000);
      until("all are reported", () -> orchestrator.memory().completions().size() == 4);
      assertThat(orchestrator.memory().completions())
          .allMatch(done -> !done.getSuccess())
          .allMatch(done -> done.getErrorMessage().equals("the job job is CANCELLED"));
    }
  }

  private static void cancel(Channel channel) {
    var _ =
        OrchestratorServiceGrpc.newBlockingStub(channel)
            .cancelJob(CancelJobRequest.newBuilder().setJobId("job").build());
  }

  @Test
  void aFailedJobsTasksStopAndTheNextJobIsTrained() {
    create("job", 1, LONG);
    try (LiveSession _ = session(2)) {
      until("two run", () -> trainer.now() == 2);
      create("next", 1, Map.of());
      orchestrator.memory().end("job", "FAILED");
      untilState("next", "COMPLETED");
      assertThat(trainer.now()).isZero();
    }
  }

  @Test
  void anOrchestratorKilledInMidTaskAndBackWithItsMemoryGetsEachCompletionOnce() throws Exception {
    create("job", 1, Map.of("millis", "1500"));
    try (LiveSession live = session(4)) {
      until("four run", () -> trainer.now() == 4);
      orchestrator.kill();
      until("it is noticed", () -> live.facts.connection() != ConnectionState.CONNECTED);
      until("they end meanwhile", () -> trainer.now() == 0);
      assertThat(orchestrator.memory().completions()).isEmpty();
      orchestrator.comeBack();
      untilState("job", "COMPLETED");
      assertThat(orchestrator.memory().completions())
          .hasSize(10)
          .extracting(TaskCompletionRequest::getTaskId)
          .doesNotHaveDuplicates();
      assertThat(trainer.runs()).allSatisfy((_, runs) -> assertThat(runs).isOne());
    }
  }

  @Test
  void anOrchestratorThatForgotEverythingIsOfferedTheCompletionFiveTimesAndServedOn()
      throws Exception {
    create("job", 1, LONG);
    try (LiveSession live = session(1)) {
      until("one runs", () -> trainer.now() == 1);
      orchestrator.kill();
      orchestrator.forget();
      orchestrator.comeBack();
      until("it is connected", () -> live.facts.connection() == ConnectionState.CONNECTED);
      assertThat(live.session.cancel("job-e0-b0", "enough").get()).isTrue();
      until("five offers", () -> orchestrator.memory().completions().size() == 5);
      create("next", 1, Map.of());
      untilState("next", "COMPLETED");
      assertThat(orchestrator.memory().completions()).hasSize(15);
    }
  }

  @Test
  void aDrainFinishesWhatRunsAndWhatWasAskedFor() throws Exception {
    create("job", 1, Map.of("millis", "1000"));
    try (LiveSession live = session(3)) {
      until("three run", () -> trainer.now() == 3);
      live.session.drain(new Exit(143, "SIGTERM"));
      assertThat(live.left().status()).isEqualTo(143);
      List<TaskCompletionRequest> done = orchestrator.memory().completions();
      assertThat(done).hasSize(3).allMatch(TaskCompletionRequest::getSuccess);
      assertThat(orchestrator.memory().assigned()).isZero();
    }
  }

  @Test
  void anIdleWorkersDrainTakesNoTaskWithIt() throws Exception {
    try (LiveSession live = session(3)) {
      until("it is connected", () -> live.facts.connection() == ConnectionState.CONNECTED);
      live.session.drain(new Exit(143, "SIGTERM"));
      create("job", 1, Map.of());
      assertThat(live.left().status()).isEqualTo(143);
      assertThat(orchestrator.memory().assigned()).isZero();
      assertThat(trainer.runs()).hasSameSizeAs(orchestrator.memory().completions());
    }
  }

  @Test
  void pastTheDrainTimeTasksAreGivenBackAsFailedAndAnotherWorkerTrainsThem() throws Exception {
    create("job", 1, Map.of("millis", "2000"));
    try (LiveSession live =
        new LiveSession(orchestrator.port(), 2, trainer, Duration.ofMillis(300))) {
      until("two run", () -> trainer.now() == 2);
      live.session.drain(new Exit(143, "SIGTERM"));
      assertThat(live.left().status()).isEqualTo(143);
      assertThat(orchestrator.memory().completions())
          .hasSize(2)
          .allMatch(done -> !done.getSuccess())
          .allMatch(done -> done.getErrorMessage().equals("handed back: the worker drains"));
    }
    try (LiveSession _ = session(10)) {
      untilState("job", "COMPLETED");
    }
  }

  @Test
  void aTaskOfAnUnknownModelTypeIsReportedAsFailedWithASentence() {
    SimulationTrainer simulation =
        new SimulationTrainer(
            new SimulationPlan.Defaults(0, Curve.LOOP, SimulationPlan.Faults.REFUSED),
            Thread::sleep,
            () -> {});
    orchestrator.memory().create(EarlierMemory.job("odd", "magic", 1, Map.of()));
    create("right", 2, Map.of());
    try (LiveSession _ =
        new LiveSession(orchestrator.port(), 2, simulation, Duration.ofSeconds(30))) {
      untilState("right", "COMPLETED");
      untilState("odd", "FAILED");
      assertThat(orchestrator.memory().completions().getFirst().getErrorMessage())
          .contains("model_type: \"magic\"", "neural_network, xgboost, random_forest");
      assertThat(orchestrator.memory().metrics())
          .extracting(said -> said.getEpoch())
          .isSubsetOf(0, 1);
    }
  }
}
