package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.GoDuration;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.DecisionStatus;
import io.tensorfleet.crds.WorkerPoolStatus.QueueStatus;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.policy.Decision;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The status of a pool, from what was seen, decided and done. */
final class Statuses {
  private Statuses() {}

  static WorkerPoolStatus of(Outlook outlook) {
    Observation seen = outlook.seen();
    WorkerPoolStatus before = seen.memory().status();
    Decision decision = outlook.plan().decision();
    boolean scaled = decision.from() != decision.size();
    Counts counts = Counts.of(outlook.podsAfter(), seen.lastKnownBusy(), outlook.view().revision());
    return new WorkerPoolStatus(
        seen.pool().getMetadata().getGeneration(),
        counts.replicas(),
        counts.ready(),
        counts.starting(),
        counts.busy(),
        counts.idle(),
        counts.draining(),
        outlook.plan().desiredReplicas(),
        counts.updated(),
        Labels.selector(seen.pool().getMetadata().getName()),
        outlook.view().revision(),
        queue(seen, before.queue()),
        decision(decision, outlook.view().queue()),
        scaled ? text(seen.now()) : before.lastScaleTime(),
        scaled ? decision.sentence() : before.lastScaleReason(),
        Replacements.shown(outlook.plan().memory()),
        Conditions.of(outlook, counts));
  }

  private static @Nullable QueueStatus queue(Observation seen, @Nullable QueueStatus before) {
    if (!(seen.queue() instanceof QueueReading.Known(QueueSnapshot snapshot, Instant at, long _))) {
      return before;
    }
    return new QueueStatus(
        counted(snapshot.getWaiting()),
        counted(snapshot.getRunning()),
        oldestAge(snapshot),
        text(at));
  }

  /** The orchestrator may say what it likes; the API server takes no more. */
  private static long counted(long number) {
    return Math.clamp(number, 0, WorkerPoolStatus.MOST_COUNTED);
  }

  private static @Nullable String oldestAge(QueueSnapshot snapshot) {
    if (!snapshot.hasOldestAge()) {
      return null;
    }
    return GoDuration.format(coarse(Duration.ofSeconds(snapshot.getOldestAge().getSeconds())));
  }

  /** So coarse that a task that goes on waiting is not a change each second. */
  static Duration coarse(Duration age) {
    if (age.compareTo(Duration.ofMinutes(1)) < 0) {
      return Duration.ofSeconds(age.toSeconds() / 10 * 10);
    }
    return age.truncatedTo(
        age.compareTo(Duration.ofHours(1)) < 0 ? ChronoUnit.MINUTES : ChronoUnit.HOURS);
  }

  private static DecisionStatus decision(Decision decision, QueueView queue) {
    boolean known = queue instanceof QueueView.Known;
    return new DecisionStatus(
        decision.sentence(),
        decision.rule().name(),
        decision.size(),
        Math.clamp(decision.wanted(), 0, WorkerPoolStatus.MOST_WORKERS),
        known ? counted(decision.demandSlots()) : null,
        decision.supply(),
        decision.mayChangeAt().map(Statuses::text).orElse(null));
  }

  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
