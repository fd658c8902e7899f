package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.ScalingPolicyRule;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.SelectPolicy;
import io.tensorfleet.operator.policy.Memory.ScaleEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * How far the size may go at once: the policies of a HorizontalPodAutoscaler's behavior, over the
 * changes so far. The formulas are those of autoscaling/v2; only a pool of 0 may always get its
 * first worker from a percentage.
 */
record Rates(List<ScaleEvent> events, Instant now) {

  /** The highest size allowed; at least {@code size}. */
  int highest(ScalingRules rules, int size) {
    return limit(rules, size, policy -> up(policy, start(policy, size)), true);
  }

  /** The lowest size allowed; at most {@code size}. */
  int lowest(ScalingRules rules, int size) {
    return limit(rules, size, policy -> down(policy, start(policy, size)), false);
  }

  /** When the next change leaves one of the periods. */
  Optional<Instant> nextChange(ScalingRules rules) {
    return rules.policies().stream()
        .flatMap(policy -> events.stream().map(event -> event.at().plus(period(policy))))
        .filter(time -> time.isAfter(now))
        .min(Instant::compareTo);
  }

  private int limit(
      ScalingRules rules, int size, ToIntFunction<ScalingPolicyRule> allowed, boolean growing) {
    if (rules.selectPolicy() == SelectPolicy.Disabled) {
      return size;
    }
    if (rules.policies().isEmpty()) {
      return growing ? Integer.MAX_VALUE : 0;
    }
    IntStream limits = rules.policies().stream().mapToInt(allowed);
    boolean highest = (rules.selectPolicy() == SelectPolicy.Max) == growing;
    int bound = (highest ? limits.max() : limits.min()).orElse(size);
    return growing ? Math.max(size, bound) : Math.clamp(bound, 0, size);
  }

  private static int up(ScalingPolicyRule policy, int start) {
    long limit =
        policy.type() == ScalingPolicyRule.Type.Pods
            ? (long) start + policy.value()
            : Math.max(1, Math.ceilDiv((long) start * (100L + policy.value()), 100));
    return (int) Math.min(Integer.MAX_VALUE, limit);
  }

  private static int down(ScalingPolicyRule policy, int start) {
    long limit =
        policy.type() == ScalingPolicyRule.Type.Pods
            ? (long) start - policy.value()
            : Math.floorDiv((long) start * (100L - policy.value()), 100);
    return (int) Math.max(0, limit);
  }

  /** The size when the policy's period began. */
  private int start(ScalingPolicyRule policy, int size) {
    Instant cutoff = now.minus(period(policy));
    int changed =
        events.stream().filter(e -> e.at().isAfter(cutoff)).mapToInt(ScaleEvent::change).sum();
    return size - changed;
  }

  private static Duration period(ScalingPolicyRule policy) {
    return Duration.ofSeconds(policy.periodSeconds());
  }
}
