package io.tensorfleet.operator.policy;

import java.util.List;
import java.util.Optional;

/** The scaling decision. */
public final class ScalingPolicy {
  private ScalingPolicy() {}

  /** What to do about a pool, from everything that may be known of it. */
  public static ScalePlan decide(PoolView view) {
    int size = view.memory().size().orElse(view.pods().size());
    Decision decision =
        new Decision("", Decision.Rule.Demand, size, size, size, 0, size, Optional.empty());
    ScalePlan.Notes notes =
        new ScalePlan.Notes(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new ScalePlan(0, List.of(), size, decision, notes, view.memory());
  }
}
