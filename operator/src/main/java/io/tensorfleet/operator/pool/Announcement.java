package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Condition;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.ConditionTypes;
import io.tensorfleet.operator.policy.Decision;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that people are told by an event.
 *
 * @param warning whether it is something bad
 * @param reason in CamelCase
 * @param action what the operator did, in CamelCase
 * @param text in a sentence
 * @param subject what it is about: of one subject nothing is told twice in a while, whatever its
 *     words
 */
record Announcement(boolean warning, String reason, String action, String text, String subject) {
  /** The same is not told again for so long. */
  static final Duration QUIET = Duration.ofMinutes(5);

  private static final int MOST_SUBJECTS = 200;

  /** What a decision and its status say that was not so before. */
  static List<Announcement> of(WorkerPoolStatus before, WorkerPoolStatus after, ScalePlan plan) {
    List<Announcement> all = new ArrayList<>();
    decision(plan).ifPresent(all::add);
    stopped(before, plan).ifPresent(all::add);
    String told = plan.notes().stopped().map(ScalePlan.Note::reason).orElse("");
    for (Condition condition : after.conditions()) {
      if (told.equals(condition.getReason())) {
        continue;
      }
      turned(Conditions.find(before.conditions(), condition.getType()), condition)
          .ifPresent(all::add);
    }
    return all;
  }

  /** Those whose subject has not been told of lately. */
  static List<Announcement> fresh(List<Announcement> all, Map<String, Instant> told, Instant now) {
    return all.stream()
        .filter(
            a ->
                Optional.ofNullable(told.get(a.subject()))
                    .map(at -> !now.isBefore(at.plus(QUIET)))
                    .orElse(true))
        .toList();
  }

  /** What has been told, after these were; what is old is forgotten. */
  static Map<String, Instant> remember(
      List<Announcement> fresh, Map<String, Instant> told, Instant now) {
    Map<String, Instant> next = new HashMap<>(told);
    next.values().removeIf(at -> !now.isBefore(at.plus(QUIET)));
    fresh.stream().limit(MOST_SUBJECTS).forEach(a -> next.put(a.subject(), now));
    return next;
  }

  private static Optional<Announcement> decision(ScalePlan plan) {
    Decision decision = plan.decision();
    if (decision.from() < decision.size()) {
      return Optional.of(scaled("ScaledUp", decision));
    }
    if (decision.from() > decision.size()) {
      return Optional.of(scaled("ScaledDown", decision));
    }
    if (plan.retirements().isEmpty()) {
      return Optional.empty();
    }
    ScalePlan.Retirement first = plan.retirements().getFirst();
    int more = plan.retirements().size() - 1;
    String text =
        "Removing "
            + first.pod()
            + ", because "
            + first.why()
            + (more == 0 ? "" : "; and " + more + " more");
    return Optional.of(new Announcement(false, "RemovingWorkers", "Replace", text, text));
  }

  /** A rollout that has just been given up, or turned back. */
  private static Optional<Announcement> stopped(WorkerPoolStatus before, ScalePlan plan) {
    return plan.notes()
        .stopped()
        .filter(
            note ->
                Conditions.find(before.conditions(), ConditionTypes.PROGRESSING)
                    .filter(c -> note.message().equals(c.getMessage()))
                    .isEmpty())
        .map(
            note ->
                new Announcement(true, "RolloutFailed", "Rollout", note.message(), note.message()));
  }

  private static Announcement scaled(String reason, Decision decision) {
    return new Announcement(false, reason, "Scale", decision.sentence(), decision.sentence());
  }

  private static Optional<Announcement> turned(Optional<Condition> before, Condition after) {
    boolean was = before.map(c -> c.getStatus().equals("True")).orElse(isUsual(after.getType()));
    boolean is = after.getStatus().equals("True");
    boolean unservable = before.map(Announcement::isUnservable).orElse(false);
    if (was == is && unservable == isUnservable(after)) {
      return Optional.empty();
    }
    String more = after.getMessage().isEmpty() ? "" : ": " + after.getMessage();
    return Optional.of(
        new Announcement(
            isBad(after.getType(), is) || isUnservable(after),
            after.getReason(),
            "Observe",
            after.getType() + " is " + after.getStatus() + more,
            after.getType() + "/" + after.getStatus() + "/" + after.getReason()));
  }

  /** Work that no pool can serve is told of also where the condition was true before. */
  private static boolean isUnservable(Condition condition) {
    return condition.getReason().endsWith(Note.UNSERVABLE);
  }

  /** How a condition is in a pool that nobody has heard of yet. */
  private static boolean isUsual(String type) {
    return Objects.equals(type, ConditionTypes.QUEUE_REACHABLE)
        || Objects.equals(type, ConditionTypes.READY);
  }

  private static boolean isBad(String type, boolean is) {
    return switch (type) {
      case ConditionTypes.DEGRADED -> is;
      case ConditionTypes.QUEUE_REACHABLE -> !is;
      default -> false;
    };
  }
}
