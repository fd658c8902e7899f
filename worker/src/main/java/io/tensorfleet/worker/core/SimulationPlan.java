package io.tensorfleet.worker.core;

import io.tensorfleet.worker.core.Hyperparameters.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A simulated run, checked and ready to go.
 *
 * <p>{@link SimulationParameter} tells which hyperparameters it reads.
 *
 * @param firstEpoch the curve's {@code e} of the run's epoch 0
 * @param epochMillis absent: drawn from 200 to 500
 */
public record SimulationPlan(
    ModelType modelType,
    Curve curve,
    int firstEpoch,
    int epochs,
    long seed,
    double speed,
    OptionalInt epochMillis,
    OptionalInt failAtEpoch,
    Harm harm) {
  private static final int DEFAULT_EPOCHS = 10;
  private static final int MAX_EPOCHS = 100_000;

  /** What the worker's own settings say where a task says nothing. */
  public record Defaults(double speed, Curve curve, Faults faults) {}

  /** Whether tasks may harm the worker that runs them, as drills do. */
  public enum Faults {
    REFUSED,
    ALLOWED
  }

  /** What a drill makes a run do to its worker. */
  public record Harm(boolean ignoresStop, OptionalInt exitAtEpoch) {}

  /** A plan, or why there is none. */
  public sealed interface Checked {}

  public record Accepted(SimulationPlan plan) implements Checked {}

  public record Refused(List<String> mistakes) implements Checked {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }

  public static Checked of(TrainingTask task, Defaults defaults) {
    Hyperparameters given = new Hyperparameters(task.spec().getHyperparametersMap());
    checkCommon(given);
    checkHarm(given, defaults.faults());
    SimulationPlan plan = read(task, defaults, given);
    List<String> mistakes = new ArrayList<>(given.mistakes());
    if (ModelType.of(task.spec().getModelType()).isEmpty()) {
      mistakes.add(
          "model_type: \"%s\" is not known; accepted: %s"
              .formatted(task.spec().getModelType(), ModelType.names()));
    }
    if (plan.epochs < 1 || plan.epochs > MAX_EPOCHS) {
      mistakes.add(
          "epochs: \"%d\"; accepted: 1 to 100000, or 0 for 10".formatted(task.spec().getEpochs()));
    }
    return mistakes.isEmpty() ? new Accepted(plan) : new Refused(mistakes);
  }

  private static void checkCommon(Hyperparameters given) {
    given.positive("learning_rate", 10);
    given.whole("batch_size", new Range(1, 1_000_000), 0);
    given.whole("max_depth", new Range(1, 1_000), 0);
    given.whole("n_estimators", new Range(1, 1_000_000), 0);
    given.decimal("dropout", new Range(0, 1), 0);
    given.expectKnown(SimulationParameter.OWN, SimulationParameter.ownNames());
  }

  private static void checkHarm(Hyperparameters given, Faults faults) {
    for (String name :
        List.of(SimulationParameter.IGNORE_STOP, SimulationParameter.EXIT_AT_EPOCH)) {
      given
          .text(name)
          .filter(_ -> faults == Faults.REFUSED)
          .ifPresent(
              text ->
                  given.expect(
                      false,
                      name,
                      text,
                      "nothing, unless the worker has SIMULATION_FAULTS=allowed"));
    }
  }

  private static SimulationPlan read(TrainingTask task, Defaults defaults, Hyperparameters given) {
    int epochs = given.integer("epochs", new Range(1, MAX_EPOCHS), DEFAULT_EPOCHS);
    return new SimulationPlan(
        ModelType.of(task.spec().getModelType()).orElse(ModelType.NEURAL_NETWORK),
        curve(given, defaults.curve()),
        Math.max(0, task.spec().getEpoch()),
        task.spec().getEpochs() == 0 ? epochs : task.spec().getEpochs(),
        given.whole("seed", new Range(Long.MIN_VALUE, Long.MAX_VALUE), 0),
        given.decimal("simulation.speed", new Range(0, 1_000), defaults.speed()),
        optional(given, "simulation.epoch_ms", new Range(0, 86_400_000)),
        optional(given, "simulation.fail_at_epoch", new Range(0, MAX_EPOCHS)),
        new Harm(
            given.flag(SimulationParameter.IGNORE_STOP),
            optional(given, SimulationParameter.EXIT_AT_EPOCH, new Range(0, MAX_EPOCHS))));
  }

  private static OptionalInt optional(Hyperparameters given, String name, Range range) {
    int value = given.integer(name, range, -1);
    return value < 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Curve curve(Hyperparameters given, Curve absent) {
    return given
        .text("simulation.curve")
        .map(
            text -> {
              given.expect(Curve.of(text).isPresent(), "simulation.curve", text, "loop, classic");
              return Curve.of(text).orElse(absent);
            })
        .orElse(absent);
  }
}
