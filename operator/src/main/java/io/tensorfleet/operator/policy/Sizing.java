package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.Fallback;
import io.tensorfleet.crds.FallbackAction;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import java.time.Instant;
import java.util.Optional;

/**
 * The size, before the mode has its say: from the demand through window, rate and bounds, as a
 * HorizontalPodAutoscaler goes.
 */
record Sizing(WorkerPoolSpec spec, Bounds bounds, Memory memory, int size, Instant now) {

  /**
   * A size and what bound it.
   *
   * @param wanted the size that the demand alone asks for
   * @param wishes to remember
   * @param mayChangeAt when the binding rule may give way
   */
  record Outcome(int size, Rule rule, int wanted, Wishes wishes, Optional<Instant> mayChangeAt) {}

  /** Someone else decides; the bounds hold all the same. */
  Outcome elsewhere(int replicas) {
    int target = Math.clamp(replicas, spec.minReplicas(), spec.maxReplicas());
    Rule rule =
        target < replicas
            ? Rule.MaxReplicas
            : target > replicas ? Rule.MinReplicas : Rule.SpecReplicas;
    return new Outcome(target, rule, replicas, wishes().add(now, target), Optional.empty());
  }

  /** The queue is unknown: hold, then the fallback. {@code alive} workers are there. */
  Outcome unknown(Unknown queue, int alive) {
    Fallback fallback = spec.scaling().fallback();
    Instant from = queue.since().plus(fallback.delay());
    if (from.isAfter(now) || fallback.action() == FallbackAction.Hold) {
      int held = bounds.clamp(size);
      Rule rule = bounds.rule(size, Rule.QueueUnknown);
      boolean holdsOn = fallback.action() == FallbackAction.Hold;
      return new Outcome(
          held,
          rule,
          size,
          wishes().add(now, held),
          holdsOn ? Optional.empty() : Optional.of(from));
    }
    int asked =
        switch (fallback.action()) {
          case Hold -> size;
          case Floor -> bounds.min();
          case Static -> fallback.staticReplicas();
          case Max -> bounds.max();
        };
    int target = bounds.clamp(Math.max(asked, Math.min(size, alive)));
    return new Outcome(target, Rule.Fallback, asked, wishes().add(now, target), Optional.empty());
  }

  /** The queue is known. */
  Outcome known(Demand demand) {
    int wanted = bounds.clamp(demand.workers());
    Rule rule = bounds.rule(demand.workers(), demand.tooFew() ? Rule.Activation : Rule.Demand);
    if (tolerated(wanted)) {
      wanted = bounds.clamp(size);
      rule = Rule.Tolerance;
    }
    Wishes wishes = wishes().add(now, wanted);
    Outcome stable = stabilized(wanted, rule, wishes);
    Outcome limited = limited(stable);
    int target = bounds.clamp(limited.size());
    return new Outcome(
        target,
        target == limited.size() ? limited.rule() : bounds.rule(limited.size(), limited.rule()),
        demand.workers(),
        wishes,
        limited.mayChangeAt());
  }

  private Wishes wishes() {
    return Wishes.remembered(memory, size, now);
  }

  private boolean tolerated(int wanted) {
    if (size == 0 || wanted == size) {
      return false;
    }
    Behavior behavior = spec.scaling().behavior();
    double tolerance = (wanted > size ? behavior.scaleUp() : behavior.scaleDown()).toleranceRatio();
    return Math.abs((double) wanted - size) / size <= tolerance;
  }

  private Outcome stabilized(int wanted, Rule rule, Wishes wishes) {
    Behavior behavior = spec.scaling().behavior();
    int lowest = wishes.lowest(now, behavior.upWindow());
    int highest = wishes.highest(now, behavior.downWindow());
    int target = Math.min(Math.max(size, lowest), highest);
    if (target < wanted) {
      Optional<Instant> change = wishes.leaves(behavior.upWindow(), w -> w.low() <= target);
      return new Outcome(target, Rule.ScaleUpWindow, wanted, wishes, change);
    }
    if (target > wanted) {
      Optional<Instant> change = wishes.leaves(behavior.downWindow(), w -> w.high() >= target);
      return new Outcome(target, Rule.ScaleDownWindow, wanted, wishes, change);
    }
    return new Outcome(target, rule, wanted, wishes, Optional.empty());
  }

  private Outcome limited(Outcome stable) {
    Behavior behavior = spec.scaling().behavior();
    Rates rates = new Rates(memory.events(), now);
    if (stable.size() > size) {
      int limit = rates.highest(behavior.scaleUp(), size);
      return stable.size() <= limit
          ? stable
          : by(stable, limit, Rule.ScaleUpPolicy, rates.nextChange(behavior.scaleUp()));
    }
    if (stable.size() < size) {
      int limit = rates.lowest(behavior.scaleDown(), size);
      return stable.size() >= limit
          ? stable
          : by(stable, limit, Rule.ScaleDownPolicy, rates.nextChange(behavior.scaleDown()));
    }
    return stable;
  }

  private static Outcome by(Outcome from, int limit, Rule rule, Optional<Instant> change) {
    return new Outcome(limit, rule, from.wanted(), from.wishes(), change);
  }
}
