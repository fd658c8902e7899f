package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Update;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import java.util.Optional;

/** What the conditions of a pool say about a rollout. */
final class RolloutNotes {
  /** As the Progressing condition of a Deployment calls it. */
  static final String FAILED = "ProgressDeadlineExceeded";

  private RolloutNotes() {}

  /** How far the workers have got to the newest revision; empty when all are there. */
  static Optional<Note> updating(Rollout rollout, Situation situation, int size) {
    Fleet fleet = situation.fleet();
    int old = fleet.old(rollout.goal());
    if (old == 0) {
      return Optional.empty();
    }
    String message =
        "%d of %s on revision %s%s"
            .formatted(
                fleet.supply() - old,
                Sentences.workers(Math.max(size, fleet.supply())),
                rollout.goal(),
                canary(rollout, situation, size));
    return Optional.of(new Note("Updating", message));
  }

  private static String canary(Rollout rollout, Situation situation, int size) {
    Update update = situation.view().spec().update();
    Fleet fleet = situation.fleet();
    if (!rollout.isCanary(update, fleet)) {
      return "";
    }
    long ready =
        fleet.ready().stream().filter(p -> p.revision().equals(rollout.revision())).count();
    int canary = Rollout.canary(update, size);
    return ", canary %d of %d ready".formatted(Math.min(ready, canary), canary);
  }

  /** Why the newest revision goes no further, and what is to be done. */
  static Optional<Note> stopped(Rollout rollout, PoolView view) {
    if (!rollout.failed()) {
      return Optional.empty();
    }
    String then =
        view.spec().update().rollback()
            ? "%s; the pool went back to revision %s; a change of the template starts a new rollout"
            : "%s; no more workers get it and the pool goes on with revision %s: correct the template, or set update.rollback to true";
    String message = then.formatted(rollout.failure().orElseThrow(), rollout.goal());
    return Optional.of(new Note(FAILED, message));
  }
}
