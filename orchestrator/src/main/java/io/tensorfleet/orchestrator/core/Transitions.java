package io.tensorfleet.orchestrator.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Decides what becomes of a running task when something happens to it. */
public final class Transitions {
  private Transitions() {}

  public static Next after(TaskEvent event, Tries tries, Backoff backoff, RandomGenerator random) {
    return switch (event) {
      case TaskEvent.Completed() -> end(TaskStatus.COMPLETED, tries.afterOne(), "");
      case TaskEvent.NonRetryable(String error) -> end(TaskStatus.FAILED, tries.afterOne(), error);
      case TaskEvent.Cancelled(String reason) -> end(TaskStatus.CANCELLED, tries, reason);
      case TaskEvent.HandedBack(String reason) -> end(TaskStatus.WAITING, tries, reason);
      case TaskEvent.Failed(String error) -> again(tries.afterOne(), error, backoff, random);
      case TaskEvent.TimedOut(String error) -> again(tries.afterOne(), error, backoff, random);
      case TaskEvent.WorkerDied(String error) -> afterDeath(tries.afterDeath(), error);
    };
  }

  private static Next end(TaskStatus status, Tries tries, String error) {
    return new Next(status, tries, Duration.ZERO, error);
  }

  private static Next again(Tries tries, String error, Backoff backoff, RandomGenerator random) {
    if (tries.spent() >= tries.max()) {
      return end(TaskStatus.FAILED, tries, error);
    }
    return new Next(TaskStatus.DELAYED, tries, backoff.after(tries.spent(), random), error);
  }

  /**
   * A lost worker says nothing against the task, so it goes back at once, until it looks deadly.
   */
  private static Next afterDeath(Tries tries, String error) {
    if (tries.deaths() >= Tries.DEADLY) {
      return end(
          TaskStatus.FAILED,
          tries,
          error + "; " + tries.deaths() + " workers died under this task");
    }
    if (tries.spent() >= tries.max()) {
      return end(TaskStatus.FAILED, tries, error);
    }
    return end(TaskStatus.WAITING, tries, error);
  }
}
