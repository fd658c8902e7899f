package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import io.tensorfleet.operator.policy.ScalePlan.Notes;
import io.tensorfleet.operator.policy.Sizing.Outcome;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What the conditions of a pool say about a decision. */
final class NoteWriter {
  private NoteWriter() {}

  /** What is done, and how far the newest revision has come. */
  record Doing(Staffing.Plan staff, Rollout rollout) {}

  static Notes notes(Situation situation, Outcome asked, Decision decision, Doing doing) {
    Troubles troubles = Troubles.of(situation.view());
    Optional<Note> stopped = RolloutNotes.stopped(doing.rollout(), situation.view());
    return new Notes(
        limited(situation, decision),
        paused(situation, asked),
        progressing(situation, decision, doing, troubles),
        stopped.or(() -> degraded(situation, troubles, doing.rollout())),
        queueUnknown(situation.view().queue()),
        stopped);
  }

  /** A rule that binds, or work that no pool can serve, or both: neither hides the other. */
  private static Optional<Note> limited(Situation situation, Decision decision) {
    Optional<Note> bound = bound(decision);
    Optional<Note> unserved = unserved(situation.view());
    if (bound.isEmpty() || unserved.isEmpty()) {
      return bound.or(() -> unserved);
    }
    return Optional.of(
        new Note(
            bound.get().reason() + "And" + Note.UNSERVABLE,
            bound.get().message() + " " + unserved.get().message()));
  }

  private static Optional<Note> unserved(PoolView view) {
    if (!(view.queue() instanceof Known known) || known.rest().unserved().isEmpty()) {
      return Optional.empty();
    }
    String message =
        "Of the waiting tasks %s: no pool of queue %s offers that; raise worker.capabilities or worker.labels of one, make a pool that does, or cancel them."
            .formatted(Sentences.unserved(known.rest()), view.spec().queue());
    return Optional.of(new Note(Note.UNSERVABLE, message));
  }

  private static Optional<Note> bound(Decision decision) {
    return switch (decision.rule()) {
      case MaxReplicas, MinReplicas, Schedule, ScaleUpPolicy, ScaleDownPolicy ->
          Optional.of(new Note(decision.rule().name(), decision.sentence()));
      default -> Optional.empty();
    };
  }

  private static Optional<Note> paused(Situation situation, Outcome asked) {
    ScalingMode mode = situation.view().spec().scaling().mode();
    if (mode != ScalingMode.Auto) {
      String message =
          "scaling.mode is %s; with Auto the size would be %d".formatted(mode, asked.size());
      return Optional.of(new Note(mode.name(), message));
    }
    return situation.view().spec().decidedElsewhere().isPresent()
        ? Optional.of(
            new Note(
                Rule.SpecReplicas.name(),
                "spec.replicas sets the size; remove it and the operator decides again"))
        : Optional.empty();
  }

  private static Optional<Note> progressing(
      Situation situation, Decision decision, Doing doing, Troubles troubles) {
    Fleet fleet = situation.fleet();
    Staffing.Plan staff = doing.staff();
    Optional<Note> updating = RolloutNotes.updating(doing.rollout(), situation, decision.size());
    if (updating.isPresent()) {
      return updating;
    }
    int starting = fleet.starting().size() + staff.creates();
    if (starting > 0) {
      String message = "%s of %d starting".formatted(Sentences.workers(starting), decision.size());
      return Optional.of(new Note("Starting", message + troubles.soFar()));
    }
    return staff.retirements().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Note(
                "Retiring",
                "%s to remove".formatted(Sentences.workers(staff.retirements().size()))));
  }

  private static Optional<Note> degraded(Situation situation, Troubles troubles, Rollout rollout) {
    List<String> problems = situation.schedules().problems();
    return troubles
        .degraded()
        .map(note -> new Note(note.reason(), note.message() + replacing(situation, rollout)))
        .or(
            () ->
                problems.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Note("InvalidSchedule", String.join("; ", problems))));
  }

  /** While a breaker holds replacements back: how many there were, and when the next one may be. */
  private static String replacing(Situation situation, Rollout rollout) {
    Breakers breakers = Breakers.of(situation.view(), rollout);
    return breakers
        .opens(situation.fleet().failed())
        .map(
            at ->
                "; %d replaced so far, the next one not before %s"
                    .formatted(breakers.replaced(), at.truncatedTo(ChronoUnit.SECONDS)))
        .orElse("");
  }

  private static Optional<Note> queueUnknown(QueueView queue) {
    return queue instanceof Unknown unknown
        ? Optional.of(new Note("QueueUnknown", unknown.reason()))
        : Optional.empty();
  }
}
