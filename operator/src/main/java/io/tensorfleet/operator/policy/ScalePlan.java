package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.PodPhase.Cause;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to do now. The policy fills it; the applier carries out {@link #creates} and {@link
 * #retirements}, the status writer shows the rest.
 *
 * @param creates Pods to create
 * @param ofStable how many of these are of the revision that worked last; the others are of the
 *     view's
 * @param retirements Pods to remove, the first one first; when one answers BUSY it stays and the
 *     plan is made anew
 * @param desiredReplicas the size decided: status.desiredReplicas
 * @param decision why: status.decision, the event's text and what {@code tensorfleet why} prints
 * @param notes what conditions are made from
 * @param memory to keep, and to give to the next decision
 */
public record ScalePlan(
    int creates,
    int ofStable,
    List<Retirement> retirements,
    int desiredReplicas,
    Decision decision,
    Notes notes,
    Memory memory) {

  /** A plan whose Pods are all of the newest revision. */
  public ScalePlan(
      int creates,
      List<Retirement> retirements,
      int desiredReplicas,
      Decision decision,
      Notes notes,
      Memory memory) {
    this(creates, 0, retirements, desiredReplicas, decision, notes, memory);
  }

  public ScalePlan {
    retirements = List.copyOf(retirements);
  }

  /** The same, with nothing created for now. */
  public ScalePlan withoutCreates() {
    return new ScalePlan(0, 0, retirements, desiredReplicas, decision, notes, memory);
  }

  /** Nothing is created or removed. */
  public boolean empty() {
    return creates == 0 && retirements.isEmpty();
  }

  /** UIDs of the Pods to remove. */
  public Set<String> retired() {
    return retirements.stream().map(Retirement::uid).collect(Collectors.toSet());
  }

  /**
   * A Pod to remove: cordon it (unless {@link Reason#dead}), then delete exactly this UID.
   *
   * @param cause what keeps it from serving; empty where nothing does
   */
  public record Retirement(
      String pod, String uid, String incarnation, Reason reason, Optional<Cause> cause) {
    /** Of a Pod that nothing keeps from serving. */
    public Retirement(String pod, String uid, String incarnation, Reason reason) {
      this(pod, uid, incarnation, reason, Optional.empty());
    }

    static Retirement of(PodView pod, Reason reason) {
      Optional<Cause> cause =
          pod.phase() instanceof PodPhase.Blocked blocked && reason.failed()
              ? Optional.of(blocked.cause())
              : Optional.empty();
      return new Retirement(pod.name(), pod.uid(), pod.incarnation(), reason, cause);
    }

    /** For people, about the Pod. */
    public String why() {
      return cause
          .filter(_ -> reason == Reason.CANNOT_START)
          .map(what -> reason.text() + " (it " + what.words() + ")")
          .orElse(reason.text());
    }

    /** Why this one, in the order in which they are chosen. */
    public enum Reason {
      /** Failed or Succeeded. */
      FINISHED("it has ended"),
      /** Kept from starting past its deadline. */
      CANNOT_START("it cannot start"),
      /** Ran on a node that does not report any more. */
      LOST("its node does not report"),
      /** Was cordoned before and holds nothing: finish what was begun. */
      LEAVING("it was cordoned and holds no task"),
      /** Surplus, and not ready yet; cordon may answer UNKNOWN, which is fine. */
      NOT_STARTED("it has not started yet"),
      /** Idle, of an old revision. */
      OLD_REVISION("it is idle and of an old revision"),
      /** Idle surplus. */
      IDLE("it is idle"),
      /** Busy, of an old revision: it is cordoned, and removed as {@link #LEAVING} when idle. */
      DRAINING("it is of an old revision and gets no more tasks");

      private final String text;

      Reason(String text) {
        this.text = text;
      }

      /** Why a Pod that failed goes. */
      static Reason ofFailed(PodPhase phase) {
        return switch (phase) {
          case PodPhase.Finished _ -> FINISHED;
          case PodPhase.Blocked blocked when blocked.cause() == PodPhase.Cause.NODE_LOST -> LOST;
          default -> CANNOT_START;
        };
      }

      /** For people, about the Pod. */
      public String text() {
        return text;
      }

      /** No worker will ever run in it again, so that there is nobody to cordon. */
      public boolean dead() {
        return this == FINISHED;
      }

      /**
       * Its worker may not have met the orchestrator, or not since it came back. Whatever
       * incarnation has come meanwhile is cordoned, and nobody knowing it is no reason to stay.
       */
      public boolean unmet() {
        return this == NOT_STARTED || this == CANNOT_START || this == LOST;
      }

      /** It does not serve, and would not. */
      public boolean failed() {
        return this == FINISHED || this == CANNOT_START || this == LOST;
      }

      /** It ends what it holds before it is removed. */
      public boolean drains() {
        return this == DRAINING;
      }
    }
  }

  /** A reason in CamelCase and a sentence. */
  public record Note(String reason, String message) {
    /** The reason, or its end, where waiting work asks for what no pool of the queue offers. */
    public static final String UNSERVABLE = "WorkUnservable";
  }

  /**
   * What conditions are made from; absent means false.
   *
   * @param limited ScalingLimited: a bound or a rate of the behavior keeps the size from the one
   *     that is asked for, or no pool offers what waiting work asks for
   * @param paused Paused: the mode, or spec.replicas, keeps the operator from deciding
   * @param progressing Progressing: Pods are missing, starting or being replaced
   * @param degraded Degraded: Pods cannot start, or a part of the spec cannot be read
   * @param queueUnknown QueueReachable is false
   * @param stopped a new revision has failed: Progressing is false for this reason
   */
  public record Notes(
      Optional<Note> limited,
      Optional<Note> paused,
      Optional<Note> progressing,
      Optional<Note> degraded,
      Optional<Note> queueUnknown,
      Optional<Note> stopped) {

    /** Of a pool whose newest revision has not failed. */
    public Notes(
        Optional<Note> limited,
        Optional<Note> paused,
        Optional<Note> progressing,
        Optional<Note> degraded,
        Optional<Note> queueUnknown) {
      this(limited, paused, progressing, degraded, queueUnknown, Optional.empty());
    }
  }
}
