package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Needs;
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
   * @param rest what else the queue holds, that is not this pool's to size for
   */
  record Known(List<TaskClass> classes, long delayed, Rest rest) implements QueueView {
    public Known {
      classes = List.copyOf(classes);
    }

    /** A queue that is all this pool's. */
    public Known(List<TaskClass> classes, long delayed) {
      this(classes, delayed, Rest.NONE);
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
   * @param needs what a worker must offer
   * @param delayed those that wait for a back-off to end
   */
  record TaskClass(
      String name, long waiting, long running, double meanSeconds, Needs needs, long delayed) {

    /** Tasks that ask for nothing. */
    public TaskClass(String name, long waiting, long running, double meanSeconds) {
      this(name, waiting, running, meanSeconds, Needs.nothing(), 0);
    }

    public TaskClass {
      waiting = Math.max(0, waiting);
      running = Math.max(0, running);
      meanSeconds = Double.isFinite(meanSeconds) ? Math.max(0, meanSeconds) : 0;
      delayed = Math.max(0, delayed);
    }
  }

  /**
   * What the queue holds beside a pool's part.
   *
   * @param waitingElsewhere tasks that wait for other pools
   * @param unserved tasks that wait and that nobody can serve, by what they ask for
   */
  record Rest(long waitingElsewhere, List<Unserved> unserved) {
    public static final Rest NONE = new Rest(0, List.of());

    public Rest {
      unserved = List.copyOf(unserved);
    }
  }

  /** Waiting tasks that ask for what no pool of the queue, and no other worker, offers. */
  record Unserved(Needs needs, long waiting) {}
}
