package io.tensorfleet.worker.core;

import java.util.List;

/**
 * A hyperparameter that the simulation reads. What is accepted of it is told by the refusal of a
 * value that is not.
 *
 * @param meaning a sentence, without its full stop
 * @param absent what holds without it, in words
 */
public record SimulationParameter(String name, String meaning, String absent) {
  static final String IGNORE_STOP = "simulation.ignore_stop";
  static final String EXIT_AT_EPOCH = "simulation.exit_at_epoch";

  /** Those below this are all known: another one is a mistake. */
  static final String OWN = "simulation.";

  public static final List<SimulationParameter> ALL =
      List.of(
          new SimulationParameter("epochs", "Epochs to train, where the task itself says 0", "10"),
          new SimulationParameter(
              "seed", "With the task's id, what the random part is drawn from", "0"),
          new SimulationParameter("learning_rate", "Checked, of no effect", "none"),
          new SimulationParameter("batch_size", "Checked, of no effect", "none"),
          new SimulationParameter("max_depth", "Checked, of no effect", "none"),
          new SimulationParameter("n_estimators", "Checked, of no effect", "none"),
          new SimulationParameter("dropout", "Checked, of no effect", "none"),
          new SimulationParameter(
              "simulation.speed",
              "Factor on each epoch's length; 0 does not wait",
              "SIMULATION_SPEED"),
          new SimulationParameter(
              "simulation.curve", "The family of learning curves", "SIMULATION_CURVE"),
          new SimulationParameter(
              "simulation.epoch_ms",
              "An epoch's length before the factor",
              "drawn from 200 to 500"),
          new SimulationParameter(
              "simulation.fail_at_epoch",
              "The run fails, retryably, as this epoch begins",
              "never"),
          new SimulationParameter(
              IGNORE_STOP,
              "The run does not react to being stopped; needs SIMULATION_FAULTS=allowed",
              "false"),
          new SimulationParameter(
              EXIT_AT_EPOCH,
              "The worker's process ends as this epoch begins; needs SIMULATION_FAULTS=allowed",
              "never"));

  /** The names of all that begin with {@link #OWN}. */
  static String[] ownNames() {
    return ALL.stream()
        .map(SimulationParameter::name)
        .filter(name -> name.startsWith(OWN))
        .toArray(String[]::new);
  }
}
