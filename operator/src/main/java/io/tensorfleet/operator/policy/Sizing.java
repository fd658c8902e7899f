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
   * @param wishes to remember
   * @param mayChangeAt when the binding rule may give way
   */
  record Outcome(int size, Rule rule, Wishes wishes, Optional<Instant> mayChangeAt) {}

  /** Someone else decides; the bounds of the spec hold all the same. */
  Outcome elsewhere(int replicas) {
    Bounds own = Bounds.of(spec);
    int target = own.clamp(replicas);
    return outcome(target, own.rule(replicas, Rule.SpecReplicas), Optional.empty());
  }

  /** The queue is unknown: hold, then the fallback. {@code alive} workers are there. */
  Outcome unknown(Unknown queue, int alive) {
    Fallback fallback = spec.scaling().fallback();
    Instant from = queue.since().plus(fallback.delay());
    if (fallback.action() != FallbackAction.Hold && from.isAfter(now)) {
      return held(Optional.of(from));
    }
    return switch (fallback.action()) {
      case Hold -> held(Optional.empty());
      case Floor -> fallback(bounds.min(), alive);
      case Static -> fallback(fallback.staticReplicas(), alive);
      case Max -> fallback(bounds.max(), alive);
    };
  }

  private Outcome held(Optional<Instant> until) {
    return outcome(bounds.clamp(size), bounds.rule(size, Rule.QueueUnknown), until);
  }

  /** Nobody is removed, so that the size follows those who are gone down to the fallback. */
  private Outcome fallback(int asked, int alive) {
    int target = bounds.clamp(Math.max(asked, Math.min(size, alive)));
    return outcome(target, Rule.Fallback, Optional.empty());
  }

  private Outcome outcome(int target, Rule rule, Optional<Instant> change) {
    return new Outcome(target, rule, wishes().add(now, target), change);
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
      return new Outcome(target, Rule.ScaleUpWindow, wishes, change);
    }
    if (target > wanted) {
      Optional<Instant> change = wishes.leaves(behavior.downWindow(), w -> w.high() >= target);
      return new Outcome(target, Rule.ScaleDownWindow, wishes, change);
    }
    return new Outcome(target, rule, wishes, Optional.empty());
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
    return new Outcome(limit, rule, from.wishes(), change);
  }
}
