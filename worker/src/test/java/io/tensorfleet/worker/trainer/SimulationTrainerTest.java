package io.tensorfleet.worker.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.TrainingTask;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulationTrainerTest {
  private final List<Duration> pauses = new ArrayList<>();
  private final SimulationTrainer trainer =
      new SimulationTrainer(
          new SimulationPlan.Defaults(1, Curve.LOOP, SimulationPlan.Faults.REFUSED),
          pauses::add,
          () -> {});

  private List<EpochMetrics> train(String id, Map<String, String> hyperparameters)
      throws TrainingException, InterruptedException {
    return epochs(trainer, task(id, hyperparameters)).stream().map(Epoch::metrics).toList();
  }

  private static TrainingTask task(String id, Map<String, String> hyperparameters) {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setModelType("xgboost")
            .setEpochs(5)
            .putAllHyperparameters(hyperparameters)
            .build();
    return new TrainingTask(id, "job", spec);
  }

  private static TrainingTask resumed(TrainingTask task, ArtifactRef checkpoint) {
    return new TrainingTask(
        task.taskId(), task.jobId(), 1, task.spec(), 3, Optional.of(checkpoint));
  }

  private static List<Epoch> epochs(SimulationTrainer trainer, TrainingTask task)
      throws TrainingException, InterruptedException {
    List<Epoch> epochs = new ArrayList<>();
    trainer.train(task, epochs::add);
    return epochs;
  }

  @Test
  void theSameTaskAndSeedGiveTheSameRun() throws Exception {
    List<EpochMetrics> first = train("a", Map.of("seed", "7"));
    assertThat(train("a", Map.of("seed", "7"))).isEqualTo(first).hasSize(5);
    assertThat(train("a", Map.of("seed", "8"))).isNotEqualTo(first);
    assertThat(train("b", Map.of("seed", "7"))).isNotEqualTo(first);
  }

  @Test
  void aRunThatGoesOnFromACheckpointReportsWhatItWouldHaveUninterrupted() throws Exception {
    TrainingTask task = task("a", Map.of("seed", "-7"));
    List<Epoch> whole = epochs(trainer, task);
    for (int done = 1; done <= 5; done++) {
      ArtifactRef checkpoint = whole.get(done - 1).checkpoint().orElseThrow().ref();
      assertThat(epochs(trainer, resumed(task, checkpoint))).isEqualTo(whole.subList(done, 5));
      assertThat(trainer.train(resumed(task, checkpoint), epoch -> {}))
          .isEqualTo(whole.getLast().metrics());
    }
  }

  @Test
  void aCheckpointOfNoUseCostsTheEpochsNotTheTask() throws Exception {
    TrainingTask task = task("a", Map.of());
    List<Epoch> whole = epochs(trainer, task);
    ArtifactRef good = whole.get(2).checkpoint().orElseThrow().ref();
    ArtifactRef foreign =
        epochs(trainer, task("b", Map.of())).get(2).checkpoint().orElseThrow().ref();
    List<ArtifactRef> bad =
        List.of(
            foreign,
            good.toBuilder().setSha256("0".repeat(64)).build(),
            good.toBuilder().setSizeBytes(good.getSizeBytes() + 1).build(),
            good.toBuilder().setUri("s3://bucket/key").build(),
            good.toBuilder().setUri(good.getUri() + "x".repeat(5000)).build(),
            ArtifactRef.getDefaultInstance());
    for (ArtifactRef checkpoint : bad) {
      assertThat(epochs(trainer, resumed(task, checkpoint))).isEqualTo(whole);
    }
  }

  @Test
  void aCheckpointIsADataAddressOfJsonWithItsOwnHashAndSize() throws Exception {
    ArtifactRef checkpoint =
        epochs(trainer, task("a", Map.of("seed", "7"))).getFirst().checkpoint().orElseThrow().ref();
    assertThat(checkpoint.getUri()).startsWith("data:application/json,%7B%22epochs_done%22%3A1");
    String json = URLDecoder.decode(checkpoint.getUri().substring(22), StandardCharsets.UTF_8);
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    assertThat(json).contains("\"seed\":7").endsWith("}");
    assertThat(checkpoint.getSizeBytes()).isEqualTo(content.length);
    assertThat(checkpoint.getSha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
  }

  @Test
  void anEpochLastsTwoHundredToFiveHundredMillisecondsTimesTheSpeed() throws Exception {
    train("a", Map.of());
    assertThat(pauses).hasSize(5).allMatch(p -> p.toMillis() >= 200 && p.toMillis() <= 500);
    pauses.clear();
    train("a", Map.of("simulation.speed", "0.01"));
    assertThat(pauses)
        .hasSize(5)
        .allMatch(p -> p.toNanos() >= 2_000_000 && p.toNanos() <= 5_000_000);
    pauses.clear();
    train("a", Map.of("simulation.speed", "0"));
    assertThat(pauses).isEmpty();
    train("a", Map.of("simulation.epoch_ms", "123"));
    assertThat(pauses).containsOnly(Duration.ofMillis(123));
  }

  @Test
  void aDrillFailsAtItsEpoch() {
    assertThatThrownBy(
            () -> train("a", Map.of("simulation.fail_at_epoch", "2", "simulation.speed", "0")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("epoch 2");
  }

  @Test
  void aWrongTaskIsNotRetried() {
    TrainingException refused =
        catchThrowableOfType(
            TrainingException.class, () -> train("a", Map.of("batch_size", "none")));
    assertThat(refused.retryable()).isFalse();
    assertThat(refused).hasMessageContaining("batch_size").hasMessageContaining("none");
  }

  @Test
  void anInterruptedRunEndsEvenWithoutWaiting() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> train("a", Map.of("simulation.speed", "0")))
        .isInstanceOf(InterruptedException.class);
  }

  private SimulationTrainer dangerous(SimulationTrainer.Pause pause, Runnable crash) {
    return new SimulationTrainer(
        new SimulationPlan.Defaults(1, Curve.LOOP, SimulationPlan.Faults.ALLOWED), pause, crash);
  }

  @Test
  void whereFaultsAreAllowedARunCanIgnoreBeingStopped() throws Exception {
    SimulationTrainer deaf = dangerous(Thread::sleep, () -> {});
    Thread.currentThread().interrupt();
    Map<String, String> asked =
        Map.of("simulation.ignore_stop", "true", "simulation.epoch_ms", "1");
    assertThat(epochs(deaf, task("a", asked))).hasSize(5);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whereFaultsAreAllowedARunCanEndItsProcess() {
    SimulationTrainer deadly =
        dangerous(
            pauses::add,
            () -> {
              throw new IllegalStateException("the process ends here");
            });
    assertThatThrownBy(() -> epochs(deadly, task("a", Map.of("simulation.exit_at_epoch", "2"))))
        .hasMessage("the process ends here");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void harmIsRefusedUnlessTheWorkerAllowsIt() {
    for (String name : List.of("simulation.ignore_stop", "simulation.exit_at_epoch")) {
      assertThatThrownBy(() -> train("a", Map.of(name, "1")))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("SIMULATION_FAULTS=allowed");
    }
  }
}
