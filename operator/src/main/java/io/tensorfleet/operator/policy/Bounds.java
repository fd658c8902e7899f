package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.policy.Decision.Rule;

/**
 * The sizes that a pool may have now; a schedule raises the lower one, never above the upper one.
 */
record Bounds(int min, int max, Rule floor) {

  static Bounds of(WorkerPoolSpec spec) {
    int max = Math.max(0, spec.maxReplicas());
    return new Bounds(Math.clamp(spec.minReplicas(), 0, max), max, Rule.MinReplicas);
  }

  static Bounds of(WorkerPoolSpec spec, Schedules schedules) {
    Bounds own = of(spec);
    return schedules.floor() > own.min
        ? new Bounds(Math.min(schedules.floor(), own.max), own.max, Rule.Schedule)
        : own;
  }

  int clamp(int size) {
    return Math.clamp(size, min, max);
  }

  /** The rule that keeps {@code size} from being had, or {@code otherwise} where none does. */
  Rule rule(int size, Rule otherwise) {
    if (size > max) {
      return Rule.MaxReplicas;
    }
    return size < min ? floor : otherwise;
  }
}
