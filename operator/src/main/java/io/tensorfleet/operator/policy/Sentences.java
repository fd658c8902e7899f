package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.GoDuration;
import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Rest;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import io.tensorfleet.operator.policy.Sizing.Outcome;
import java.time.temporal.ChronoUnit;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The decision in one sentence: what is done, what went in, what bound it. */
final class Sentences {
  private static final int MOST_KINDS = 3;

  private Sentences() {}

  static String of(Situation situation, Outcome asked, int target, Rule rule) {
    WorkerPoolSpec spec = situation.view().spec();
    String mode = spec.scaling().mode() == ScalingMode.DryRun ? "Dry run, nothing is done: " : "";
    return mode
        + move(situation.size(), target)
        + ": "
        + inputs(situation)
        + binding(situation, asked, target, rule)
        + ".";
  }

  static String workers(long count) {
    return count + (count == 1 ? " worker" : " workers");
  }

  private static String move(int from, int to) {
    if (from == to) {
      return "stays at " + workers(to);
    }
    return (from < to ? "grows" : "shrinks") + " from " + from + " to " + workers(to);
  }

  private static String inputs(Situation situation) {
    if (situation.view().queue() instanceof Unknown unknown) {
      return "the queue is unknown since %s (%s)"
          .formatted(unknown.since().truncatedTo(ChronoUnit.SECONDS), unknown.reason());
    }
    return situation.demand().map(demand -> demand(situation.view(), demand)).orElse("");
  }

  private static String demand(PoolView view, Demand demand) {
    WorkerPoolSpec spec = view.spec();
    StringBuilder text = new StringBuilder();
    text.append(tasks(demand.waiting())).append(demand.waiting() == 1 ? " waits" : " wait");
    spec.scaling()
        .targetDrain()
        .filter(time -> demand.waiting() > 0)
        .ifPresent(
            time ->
                text.append(
                    " (%s to finish in %s)"
                        .formatted(slots(demand.waitingSlots()), GoDuration.format(time))));
    if (view.queue() instanceof Known known) {
      text.append(elsewhere(known.rest()));
    }
    text.append(", ").append(demand.running()).append(demand.running() == 1 ? " runs" : " run");
    if (demand.delayed() > 0) {
      text.append(", ").append(demand.delayed()).append(" will be tried again");
    }
    if (demand.keptFree() > 0) {
      String are = demand.keptFree() == 1 ? " is" : " are";
      text.append(", ").append(slots(demand.keptFree())).append(are).append(" kept free");
    }
    return text.append("; with ")
        .append(slots(spec.slotsPerWorker()))
        .append(" each that asks for ")
        .append(workers(demand.workers()))
        .toString();
  }

  /** What waits in the queue and is not this pool's. */
  private static String elsewhere(Rest rest) {
    String others =
        rest.waitingElsewhere() == 0 ? "" : " here and " + rest.waitingElsewhere() + " elsewhere";
    String nowhere =
        rest.unserved().isEmpty() ? "" : ", " + unserved(rest) + ", which no pool offers";
    return others + nowhere;
  }

  /** {@code 12 ask for 2 GPUs}. */
  static String unserved(Rest rest) {
    String first =
        rest.unserved().stream()
            .limit(MOST_KINDS)
            .map(
                u ->
                    u.waiting()
                        + (u.waiting() == 1 ? " asks for " : " ask for ")
                        + u.needs().text())
            .collect(Collectors.joining(", "));
    int more = rest.unserved().size() - MOST_KINDS;
    return more <= 0 ? first : first + " and " + more + " kinds of tasks for something else";
  }

  private static String binding(Situation situation, Outcome asked, int target, Rule rule) {
    WorkerPoolSpec spec = situation.view().spec();
    Scaling scaling = spec.scaling();
    Behavior behavior = scaling.behavior();
    return switch (rule) {
      case Demand -> "";
      case Activation ->
          "; an empty pool starts at %s waiting (activation)"
              .formatted(tasks(scaling.activation()));
      case MinReplicas -> elsewhere(spec) + "minReplicas is " + spec.minReplicas();
      case MaxReplicas -> elsewhere(spec) + "maxReplicas is " + spec.maxReplicas();
      case Schedule ->
          "; schedule %s asks for %s"
              .formatted(situation.schedules().name(), workers(situation.schedules().floor()));
      case Tolerance -> "; the difference is within the tolerance";
      case ScaleUpWindow ->
          "; a higher demand must last %s (scaleUp.stabilizationWindowSeconds)"
              .formatted(GoDuration.format(behavior.upWindow()));
      case ScaleDownWindow ->
          "; a surplus must last %s (scaleDown.stabilizationWindowSeconds)"
              .formatted(GoDuration.format(behavior.downWindow()));
      case ScaleUpPolicy -> "; behavior.scaleUp allows no more now";
      case ScaleDownPolicy -> "; behavior.scaleDown allows no less now";
      case QueueUnknown -> "; unknown is not empty, so the size is held";
      case Fallback ->
          "; that is longer than %s, so the fallback %s holds"
              .formatted(scaling.fallback().after(), scaling.fallback().action());
      case SpecReplicas -> "; spec.replicas sets " + workers(target);
      case Mode -> "; mode %s keeps it from %s".formatted(scaling.mode(), workers(asked.size()));
    };
  }

  /** What a bound binds: the demand, which has been told, or the size that somebody else set. */
  private static String elsewhere(WorkerPoolSpec spec) {
    OptionalInt asked = spec.decidedElsewhere();
    return asked.isEmpty()
        ? "; "
        : "; spec.replicas asks for %s, and ".formatted(workers(asked.getAsInt()));
  }

  private static String tasks(long count) {
    return count + (count == 1 ? " task" : " tasks");
  }

  private static String slots(long count) {
    return count + (count == 1 ? " slot" : " slots");
  }
}
