package io.tensorfleet.orchestrator.core;

import java.util.Comparator;

/** Names a task inside the orchestrator: the job's number and the task's index in it, from 0. */
public record TaskKey(long jobNo, int index) implements Comparable<TaskKey> {
  private static final Comparator<TaskKey> ORDER =
      Comparator.comparingLong(TaskKey::jobNo).thenComparingInt(TaskKey::index);

  /** The order in which rows are locked. */
  @Override
  public int compareTo(TaskKey other) {
    return ORDER.compare(this, other);
  }
}
