package io.tensorfleet.operator.policy;

import java.time.Instant;
import java.util.List;

/** The queue of a pool: known, or unknown, which is never the same as empty. */
public sealed interface QueueView {

  /**
   * A snapshot that is fresh enough to act on.
   *
   * @param classes waiting and running tasks by what they ask for; QueueSnapshot.classes, one by
   *     one
   * @param delayed tasks that wait for a back-off to end: they need no worker yet, but the pool is
   *     not idle
   */
  record Known(List<TaskClass> classes, long delayed) implements QueueView {
    public Known {
      classes = List.copyOf(classes);
    }

    /** A queue of one class whose tasks take an unknown time. */
    public static Known of(long waiting, long running) {
      return new Known(List.of(new TaskClass("", waiting, running, 0)), 0);
    }

    public long waiting() {
      return classes.stream().mapToLong(TaskClass::waiting).sum();
    }

    public long running() {
      return classes.stream().mapToLong(TaskClass::running).sum();
    }
  }

  /**
   * No snapshot, or none to trust.
   *
   * @param since when the last good snapshot was taken; the operator's start where there has been
   *     none
   * @param reason why, for people: "the orchestrator at host:port does not answer"
   */
  record Unknown(Instant since, String reason) implements QueueView {}

  /**
   * Tasks that ask for the same.
   *
   * @param name for people, such as the model type
   * @param meanSeconds moving average of what one task takes; 0 while none has ended
   */
  record TaskClass(String name, long waiting, long running, double meanSeconds) {
    public TaskClass {
      waiting = Math.max(0, waiting);
      running = Math.max(0, running);
      meanSeconds = Double.isFinite(meanSeconds) ? Math.max(0, meanSeconds) : 0;
    }
  }
}
