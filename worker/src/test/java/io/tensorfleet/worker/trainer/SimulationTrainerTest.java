package io.tensorfleet.worker.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.TrainingTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTrainerTest {
  private final List<Duration> pauses = new ArrayList<>();
  private final SimulationTrainer trainer =
      new SimulationTrainer(new SimulationPlan.Defaults(1, Curve.LOOP), pauses::add);

  private List<EpochMetrics> train(String id, int resume, Map<String, String> hyperparameters)
      throws TrainingException, InterruptedException {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setModelType("xgboost")
            .setEpochs(5)
            .putAllHyperparameters(hyperparameters)
            .build();
    List<EpochMetrics> epochs = new ArrayList<>();
    trainer.train(
        new TrainingTask(id, "job", spec, resume), (done, total, metrics) -> epochs.add(metrics));
    return epochs;
  }

  @Test
  void theSameTaskAndSeedGiveTheSameRun() throws Exception {
    List<EpochMetrics> first = train("a", 0, Map.of("seed", "7"));
    assertThat(train("a", 0, Map.of("seed", "7"))).isEqualTo(first).hasSize(5);
    assertThat(train("a", 0, Map.of("seed", "8"))).isNotEqualTo(first);
    assertThat(train("b", 0, Map.of("seed", "7"))).isNotEqualTo(first);
  }

  @Test
  void aResumedRunGoesOnAsIfItHadNeverStopped() throws Exception {
    List<EpochMetrics> whole = train("a", 0, Map.of());
    assertThat(train("a", 3, Map.of())).isEqualTo(whole.subList(3, 5));
  }

  @Test
  void anEpochLastsTwoHundredToFiveHundredMillisecondsTimesTheSpeed() throws Exception {
    train("a", 0, Map.of());
    assertThat(pauses).hasSize(5).allMatch(p -> p.toMillis() >= 200 && p.toMillis() <= 500);
    pauses.clear();
    train("a", 0, Map.of("simulation.speed", "0.01"));
    assertThat(pauses)
        .hasSize(5)
        .allMatch(p -> p.toNanos() >= 2_000_000 && p.toNanos() <= 5_000_000);
    pauses.clear();
    train("a", 0, Map.of("simulation.speed", "0"));
    assertThat(pauses).isEmpty();
    train("a", 0, Map.of("simulation.epoch_ms", "123"));
    assertThat(pauses).containsOnly(Duration.ofMillis(123));
  }

  @Test
  void aDrillFailsAtItsEpoch() {
    assertThatThrownBy(
            () -> train("a", 0, Map.of("simulation.fail_at_epoch", "2", "simulation.speed", "0")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("epoch 2");
  }

  @Test
  void aWrongTaskIsNotRetried() {
    TrainingException refused =
        catchThrowableOfType(
            TrainingException.class, () -> train("a", 0, Map.of("batch_size", "none")));
    assertThat(refused.retryable()).isFalse();
    assertThat(refused).hasMessageContaining("batch_size").hasMessageContaining("none");
  }

  @Test
  void anInterruptedRunEndsEvenWithoutWaiting() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> train("a", 0, Map.of("simulation.speed", "0")))
        .isInstanceOf(InterruptedException.class);
  }
}
