package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationPlanTest {
  private static final SimulationPlan.Defaults DEFAULTS =
      new SimulationPlan.Defaults(1, Curve.LOOP, SimulationPlan.Faults.REFUSED);

  private static SimulationPlan.Checked check(
      String model, int epochs, Map<String, String> hyperparameters) {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setModelType(model)
            .setEpochs(epochs)
            .putAllHyperparameters(hyperparameters)
            .build();
    return SimulationPlan.of(new TrainingTask("t", "j", spec), DEFAULTS);
  }

  private static List<String> mistakes(
      String model, int epochs, Map<String, String> hyperparameters) {
    return check(model, epochs, hyperparameters) instanceof SimulationPlan.Refused refused
        ? refused.mistakes()
        : List.of();
  }

  @Test
  void anUnknownModelTypeIsRefusedNamingTheThree() {
    assertThat(mistakes("svm", 1, Map.of()))
        .singleElement()
        .asString()
        .contains("svm", "neural_network", "xgboost", "random_forest");
  }

  @Test
  void allMistakesOfATaskAreFoundAtOnce() {
    Map<String, String> wrong =
        Map.of(
            "learning_rate", "-1",
            "batch_size", "0",
            "seed", "x",
            "epochs", "0",
            "simulation.curve", "spiral",
            "simulation.typo", "1");
    assertThat(mistakes("svm", -3, wrong)).hasSize(8);
  }

  @Test
  void tooManyAndTooLongHyperparametersAreRefused() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 101; i++) {
      many.put("h" + i, "");
    }
    assertThat(mistakes("xgboost", 1, many)).hasSize(1);
    assertThat(mistakes("xgboost", 1, Map.of("k".repeat(64), "v"))).hasSize(1);
    assertThat(mistakes("xgboost", 1, Map.of("k", "ä".repeat(2049)))).hasSize(1);
  }

  @Test
  void asManyAndAsLongAsAllowedAreAccepted() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 99; i++) {
      many.put("h" + i, "");
    }
    many.put("k".repeat(63), "ä".repeat(2048));
    assertThat(mistakes("xgboost", 1, many)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "learning_rate, 0, above 0",
    "learning_rate, NaN, above 0",
    "batch_size, 1.5, whole number",
    "max_depth, 1001, from 1 to 1000",
    "n_estimators, -1, from 1 to 1000000",
    "dropout, 1.01, from 0 to 1",
    "dropout, Infinity, from 0 to 1",
    "seed, 9223372036854775808, whole number",
    "epochs, 100001, from 1 to 100000",
    "simulation.speed, -0.1, from 0 to 1000",
    "simulation.curve, spiral, 'loop, classic'",
    "simulation.epoch_ms, 86400001, from 0 to 86400000",
    "simulation.fail_at_epoch, one, whole number",
    "simulation.ignore_stop, yes, SIMULATION_FAULTS=allowed",
    "simulation.exit_at_epoch, 1, SIMULATION_FAULTS=allowed",
    "simulation.sped, 1, simulation.speed"
  })
  void aWrongHyperparameterIsNamedWithItsValueAndWhatIsAccepted(
      String name, String value, String accepted) {
    assertThat(mistakes("xgboost", 1, Map.of(name, value)))
        .isNotEmpty()
        .allSatisfy(mistake -> assertThat(mistake).contains(name))
        .anySatisfy(mistake -> assertThat(mistake).contains(accepted));
  }

  @Test
  void aTaskThatNamesNoEpochsTrainsItsHyperparametersOrTen() {
    assertThat(plan(check("xgboost", 0, Map.of())).epochs()).isEqualTo(10);
    assertThat(plan(check("xgboost", 0, Map.of("epochs", "4"))).epochs()).isEqualTo(4);
    assertThat(plan(check("xgboost", 7, Map.of("epochs", "4"))).epochs()).isEqualTo(7);
  }

  private static SimulationPlan plan(SimulationPlan.Checked checked) {
    return ((SimulationPlan.Accepted) checked).plan();
  }
}
