package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.tensorfleet.crds.WorkerPoolStatus.ConditionTypes;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The conditions of a pool, each with the time at which it last turned. */
final class Conditions {
  private static final int LONGEST_MESSAGE = 1_024;

  private final Outlook outlook;

  private Conditions(Outlook outlook) {
    this.outlook = outlook;
  }

  static List<Condition> of(Outlook outlook, Counts counts) {
    var make = new Conditions(outlook);
    ScalePlan.Notes notes = outlook.plan().notes();
    return List.of(
        make.ready(counts),
        make.progressing(notes),
        make.when(ConditionTypes.DEGRADED, make.degraded(counts), new Note("AsExpected", "")),
        make.queueReachable(notes.queueUnknown()),
        make.when(ConditionTypes.SCALING_LIMITED, notes.limited(), new Note("WithinBounds", "")),
        make.when(ConditionTypes.PAUSED, notes.paused(), new Note("Deciding", "")));
  }

  /** The condition of this type, where there is one. */
  static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  private Condition ready(Counts counts) {
    int desired = outlook.plan().desiredReplicas();
    boolean ready = counts.ready() >= desired;
    String reason = !ready ? "WorkersMissing" : desired == 0 ? "ScaledToZero" : "WorkersReady";
    String message =
        desired == 0
            ? "no worker is needed"
            : counts.ready() + " of " + desired + " workers are ready";
    return condition(ConditionTypes.READY, ready, new Note(reason, message));
  }

  private Condition progressing(ScalePlan.Notes notes) {
    return notes
        .stopped()
        .map(why -> condition(ConditionTypes.PROGRESSING, false, why))
        .orElseGet(
            () -> when(ConditionTypes.PROGRESSING, notes.progressing(), new Note("Settled", "")));
  }

  private Condition queueReachable(Optional<Note> unknown) {
    Note reachable = new Note("Connected", "the orchestrator tells what is in the queue");
    return condition(ConditionTypes.QUEUE_REACHABLE, unknown.isEmpty(), unknown.orElse(reachable));
  }

  /** What kept the plan from being carried out, and the policy's own note. */
  private Optional<Note> degraded(Counts counts) {
    if (outlook.seen().blueprint() instanceof Blueprint.Invalid(String sentence)) {
      return Optional.of(new Note("InvalidTemplate", sentence));
    }
    Optional<Note> own = outlook.plan().notes().degraded();
    return refused(counts)
        .or(() -> outlook.applied().removeFailure().map(why -> new Note("RemoveFailed", why)))
        .map(note -> own.map(more -> joined(note, more)).orElse(note))
        .or(() -> own);
  }

  /** While a refusal stands: also in the pauses between two attempts. */
  private Optional<Note> refused(Counts counts) {
    return outlook
        .memory()
        .creations()
        .refused()
        .map(Creations.Refused::why)
        .map(
            why ->
                new Note(
                    why.reason(),
                    "%d of %d workers are there: %s"
                        .formatted(
                            counts.replicas(), outlook.plan().desiredReplicas(), why.sentence())));
  }

  private static Note joined(Note one, Note other) {
    return new Note(one.reason(), one.message() + "; " + other.message());
  }

  private Condition when(String type, Optional<Note> note, Note otherwise) {
    return condition(type, note.isPresent(), note.orElse(otherwise));
  }

  private Condition condition(String type, boolean is, Note note) {
    String status = is ? "True" : "False";
    Observation seen = outlook.seen();
    String turned =
        find(seen.memory().status().conditions(), type)
            .filter(before -> Objects.equals(before.getStatus(), status))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> Statuses.text(seen.now()));
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(note.reason())
        .withMessage(shortened(note.message()))
        .withLastTransitionTime(turned)
        .withObservedGeneration(seen.pool().getMetadata().getGeneration())
        .build();
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
  }
}
