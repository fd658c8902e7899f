package io.tensorfleet.operator.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
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
   * @param message what is known of it, for people
   */
  record Blocked(Cause cause, Instant since, String message) implements PodPhase {}

  /**
   * Phase Failed or Succeeded: it will never run again.
   *
   * @param reason such as Evicted, NodeLost, Succeeded
   * @param message what is known of it, for people
   * @param served whether it ran for a while; one that ended as it began is likely to do so again
   */
  record Finished(String reason, String message, boolean served) implements PodPhase {
    /** Of one that ran for a while. */
    public Finished(String reason) {
      this(reason, reason, true);
    }
  }

  /**
   * Asked to leave.
   *
   * @param until when its grace is over; empty while only the operator knows that it leaves
   * @param heldBy what may keep it, for people
   */
  record Terminating(Optional<Instant> until, String heldBy) implements PodPhase {
    private static final Duration STUCK = Duration.ofMinutes(1);

    public Terminating() {
      this(Optional.empty());
    }

    public Terminating(Optional<Instant> until) {
      this(until, "");
    }

    /** It should have been gone: nothing that is done here could make it leave. */
    boolean stuck(Instant now) {
      return until.filter(end -> end.plus(STUCK).isBefore(now)).isPresent();
    }
  }

  /** What keeps a Pod from starting, and how long one waits for it to pass. Gravest first. */
  enum Cause {
    /** CreateContainerConfigError and the like: a missing Secret or ConfigMap. */
    CONFIG("cannot be set up", Duration.ofMinutes(2), Duration.ZERO),
    /** ErrImagePull, ImagePullBackOff, InvalidImageName. */
    IMAGE("cannot get the image", Duration.ofMinutes(2), Duration.ZERO),
    /** A container ends again and again. */
    CRASH_LOOP("cannot stay up", Duration.ofMinutes(2), Duration.ZERO),
    /** No node has room; a node autoscaler may need minutes. */
    UNSCHEDULABLE("cannot be scheduled", Duration.ofMinutes(10), Duration.ofMinutes(2)),
    /** It ran, and its node has not reported for a while. */
    NODE_LOST("cannot be reached", Duration.ofSeconds(30), Duration.ofSeconds(30)),
    /** Bound to a node, and its containers do not begin. */
    STUCK("could not begin on the node yet", Duration.ofMinutes(15), Duration.ofMinutes(5)),
    /** Runs, and has never become ready. */
    NOT_READY("did not become ready", Duration.ofMinutes(10), Duration.ofMinutes(5)),
    /** Somebody else holds it back on purpose, such as Kueue: it is never given up. */
    GATED(
        "must wait for a scheduling gate",
        Duration.ofDays(Cause.A_CENTURY),
        Duration.ofDays(Cause.A_CENTURY));

    private static final long A_CENTURY = 36_500;

    private final String words;
    private final Duration deadline;
    private final Duration patience;

    Cause(String words, Duration deadline, Duration patience) {
      this.words = words;
      this.deadline = deadline;
      this.patience = patience;
    }

    /** One word, of which metrics are told. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What such Pods do, for people. */
    String words() {
      return words;
    }

    /** After this long it is no supply any more, and may be replaced. */
    public Duration deadline() {
      return deadline;
    }

    /** After this long it is a trouble; before, it is a part of starting. */
    public Duration patience() {
      return patience;
    }

    /** Whether Kubernetes says so; the others follow from the time that passes alone. */
    boolean isTold() {
      return switch (this) {
        case CONFIG, IMAGE, CRASH_LOOP, UNSCHEDULABLE, NODE_LOST -> true;
        case STUCK, NOT_READY, GATED -> false;
      };
    }
  }
}
