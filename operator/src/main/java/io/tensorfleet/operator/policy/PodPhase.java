package io.tensorfleet.operator.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far a Pod is. A Pod with a deletion timestamp is Terminating, whatever else it is. */
public sealed interface PodPhase {

  /** Exists and is not ready; nothing says that it will not become so. */
  record Starting() implements PodPhase {}

  /** Condition Ready is true. */
  record Ready() implements PodPhase {}

  /**
   * Something keeps it from starting. It counts as starting until the cause's deadline has passed.
   *
   * @param since when that began: the condition's transition, or the Pod's creation
   * @param message what Kubernetes says, for people
   */
  record Blocked(Cause cause, Instant since, String message) implements PodPhase {}

  /** Phase Failed or Succeeded: it will never run again. */
  record Finished(String reason) implements PodPhase {}

  /**
   * Asked to leave.
   *
   * @param until when its grace is over; empty while only the operator knows that it leaves
   */
  record Terminating(Optional<Instant> until) implements PodPhase {
    private static final Duration STUCK = Duration.ofMinutes(1);

    public Terminating() {
      this(Optional.empty());
    }

    /** Its node does not answer: nothing that is done here could make it leave. */
    boolean stuck(Instant now) {
      return until.filter(end -> end.plus(STUCK).isBefore(now)).isPresent();
    }
  }

  /** What keeps a Pod from starting, and how long one waits for it to pass. */
  enum Cause {
    /** No node has room; a node autoscaler may need minutes. */
    UNSCHEDULABLE(Duration.ofMinutes(10)),
    /** ErrImagePull, ImagePullBackOff, InvalidImageName. */
    IMAGE(Duration.ofMinutes(2)),
    /** CrashLoopBackOff. */
    CRASH_LOOP(Duration.ofMinutes(2)),
    /** CreateContainerConfigError and the like: a missing Secret or ConfigMap. */
    CONFIG(Duration.ofMinutes(2)),
    /** It ran, and its node has not reported for a while. */
    NODE_LOST(Duration.ofSeconds(30));

    private final Duration deadline;

    Cause(Duration deadline) {
      this.deadline = deadline;
    }

    public Duration deadline() {
      return deadline;
    }
  }
}
