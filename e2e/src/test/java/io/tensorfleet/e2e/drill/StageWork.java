package io.tensorfleet.e2e.drill;

import io.tensorfleet.proto.v1.Requirements;
import java.time.Duration;
import java.util.Optional;

/**
 * A kind of task on a stage.
 *
 * @param lasting how long a worker holds one; empty: until it is told to finish
 */
public record StageWork(
    String queue, String modelType, Requirements requires, Optional<Duration> lasting) {
  /** Tasks of the queue "default" that ask for nothing and are held until told. */
  public static final StageWork HELD =
      new StageWork(
          "default", "xgboost", Requirements.getDefaultInstance(), Optional.<Duration>empty());

  /** Tasks that end by themselves. */
  public static StageWork lasting(Duration time) {
    return new StageWork(HELD.queue, HELD.modelType, HELD.requires, Optional.of(time));
  }

  public StageWork in(String otherQueue) {
    return new StageWork(otherQueue, modelType, requires, lasting);
  }

  public StageWork requiring(Requirements other) {
    return new StageWork(queue, modelType, other, lasting);
  }
}
