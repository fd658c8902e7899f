package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import io.tensorfleet.operator.policy.ScalePlan.Notes;
import io.tensorfleet.operator.policy.Sizing.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the conditions of a pool say about a decision. */
final class NoteWriter {
  private NoteWriter() {}

  /** What is done, and how far the newest revision has come. */
  record Doing(Staffing.Plan staff, Rollout rollout) {}

  static Notes notes(Situation situation, Outcome asked, Decision decision, Doing doing) {
    Optional<Note> stopped = RolloutNotes.stopped(doing.rollout(), situation.view());
    return new Notes(
        limited(situation, decision),
        paused(situation, asked),
        progressing(situation, decision, doing),
        stopped.or(() -> degraded(situation)),
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

  private static Optional<Note> progressing(Situation situation, Decision decision, Doing doing) {
    Fleet fleet = situation.fleet();
    Staffing.Plan staff = doing.staff();
    Optional<Note> updating = RolloutNotes.updating(doing.rollout(), situation, decision.size());
    if (updating.isPresent()) {
      return updating;
    }
    int starting = fleet.starting().size() + staff.creates();
    if (starting > 0) {
      String message = "%s of %d starting".formatted(Sentences.workers(starting), decision.size());
      return Optional.of(new Note("Starting", message));
    }
    return staff.retirements().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Note(
                "Retiring",
                "%s to remove".formatted(Sentences.workers(staff.retirements().size()))));
  }

  private static Optional<Note> degraded(Situation situation) {
    List<String> problems = situation.schedules().problems();
    Optional<Blocked> blocked =
        Stream.concat(situation.fleet().failed().stream(), situation.fleet().starting().stream())
            .map(PodView::phase)
            .filter(Blocked.class::isInstance)
            .map(Blocked.class::cast)
            .findFirst();
    if (blocked.isPresent()) {
      return Optional.of(new Note(reason(blocked.get()), blocked.get().message()));
    }
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(new Note("InvalidSchedule", String.join("; ", problems)));
  }

  private static String reason(Blocked blocked) {
    return switch (blocked.cause()) {
      case UNSCHEDULABLE -> "PodsUnschedulable";
      case IMAGE -> "ImageUnavailable";
      case CRASH_LOOP -> "PodsCrashing";
      case NODE_LOST -> "NodeLost";
      case CONFIG -> "PodConfigInvalid";
    };
  }

  private static Optional<Note> queueUnknown(QueueView queue) {
    return queue instanceof Unknown unknown
        ? Optional.of(new Note("QueueUnknown", unknown.reason()))
        : Optional.empty();
  }
}
