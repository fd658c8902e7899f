package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodView;
import io.tensorfleet.operator.policy.PoolView;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.telemetry.PoolFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What was seen of a pool, what was decided and what became of it. */
record Outlook(Observation seen, PoolView view, ScalePlan plan, Applied applied) {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration AFTER_KEPT = Duration.ofSeconds(1);

  /** What to remember of it. */
  PoolMemory memory() {
    Set<String> leaving = new HashSet<>(seen.memory().leaving());
    leaving.addAll(applied.removed());
    leaving.retainAll(seen.uids());
    Upkeep upkeep = seen.memory().upkeep().cordoned(applied.cordons(), seen.uids(), seen.now());
    Creations creations = seen.memory().creations().after(seen, applied, plan.creates());
    return seen.memory().decided(plan.memory(), leaving).keeps(upkeep).with(creations);
  }

  /** The Pods as they are now: with those created, and those removed marked as leaving. */
  List<PodView> podsAfter() {
    List<Pod> pods = new ArrayList<>(seen.pods());
    Collection<String> known = seen.uids();
    applied.created().stream()
        .filter(p -> !known.contains(p.getMetadata().getUid()))
        .forEach(pods::add);
    return seen.with(pods, memory()).view().pods();
  }

  /** Causes of which Pods leave that do not serve, each as often as there are such Pods. */
  List<String> failures() {
    Set<String> removed = Set.copyOf(applied.removed());
    return plan.retirements().stream()
        .filter(gone -> gone.reason().failed() && removed.contains(gone.uid()))
        .map(gone -> gone.cause().map(Cause::label).orElse(PoolFamily.ENDED))
        .toList();
  }

  /** How long nothing needs to be done although nothing changes, at most {@code most}. */
  Duration pause(Duration most) {
    Instant soonest = seen.now().plus(most);
    PoolMemory memory = memory();
    if (plan.decision().mayChangeAt().isPresent()) {
      soonest = earlier(soonest, plan.decision().mayChangeAt().get());
    }
    Optional<Instant> creates =
        memory.creations().refused().map(Creations.Refused::until).filter(seen.now()::isBefore);
    if (creates.isPresent()) {
      soonest = earlier(soonest, creates.get());
    }
    if (memory.upkeep().marks().again().isPresent()) {
      soonest = earlier(soonest, memory.upkeep().marks().again().get());
    }
    boolean toLift = !memory.upkeep().cordons().values().stream().allMatch(OwnCordon::isLifted);
    if (!applied.kept().isEmpty() || applied.removeFailure().isPresent() || toLift) {
      soonest = earlier(soonest, seen.now().plus(AFTER_KEPT));
    }
    if (moreToCreate()) {
      soonest = seen.now();
    }
    Duration pause = Duration.between(seen.now(), soonest);
    return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
  }

  /** A large plan is carried out in parts. */
  private boolean moreToCreate() {
    int created = applied.created().size();
    return created > 0 && created < plan.creates() && applied.createFailure().isEmpty();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
