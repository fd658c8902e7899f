package io.tensorfleet.e2e.drill;

import io.tensorfleet.proto.v1.TaskSpec;

/** Tasks that drills submit. */
final class Tasks {
  private Tasks() {}

  /** So many epochs of so many milliseconds. */
  static TaskSpec lasting(int epochs, int millis) {
    return TaskSpec.newBuilder()
        .setModelType("xgboost")
        .setEpochs(epochs)
        .putHyperparameters("simulation.epoch_ms", Integer.toString(millis))
        .putHyperparameters("simulation.speed", "1")
        .build();
  }

  /** The same with one attempt in all: whatever counts as a try is the end of it. */
  static TaskSpec onlyTry(TaskSpec spec) {
    return spec.toBuilder().setMaxAttempts(1).build();
  }
}
