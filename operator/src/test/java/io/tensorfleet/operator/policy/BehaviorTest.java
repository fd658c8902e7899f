package io.tensorfleet.operator.policy;

import static io.tensorfleet.crds.ScalingPolicyRule.Type.Percent;
import static io.tensorfleet.crds.ScalingPolicyRule.Type.Pods;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.ScalingPolicyRule;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.SelectPolicy;
import io.tensorfleet.operator.policy.Decision.Rule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The fields of behavior mean what they mean to a HorizontalPodAutoscaler, autoscaling/v2. */
class BehaviorTest {
  private static final ScalingPolicyRule FOUR_PODS = new ScalingPolicyRule(Pods, 4, 15);
  private static final ScalingPolicyRule DOUBLE = new ScalingPolicyRule(Percent, 100, 15);
  private static final ScalingPolicyRule TENTH = new ScalingPolicyRule(Percent, 10, 60);

  @Test
  void withoutPoliciesThePoolGoesStraightToTheSizeNeeded() {
    assertThat(new Pool().queue(100, 0).plan().creates()).isEqualTo(100);
  }

  @Test
  void podsPerPeriodBoundTheGrowthWithinThePeriod() {
    Pool pool = up(SelectPolicy.Max, FOUR_PODS).queue(100, 0);
    ScalePlan first = pool.step();
    assertThat(first.creates()).isEqualTo(4);
    assertThat(first.decision().rule()).isEqualTo(Rule.ScaleUpPolicy);
    assertThat(pool.step().decision().mayChangeAt()).isEqualTo(Pool.at(15));
    assertThat(pool.later(14).step().creates()).isZero();
    assertThat(pool.later(1).step().creates()).isEqualTo(4);
    assertThat(pool.later(15).step().desiredReplicas()).isEqualTo(12);
  }

  @Test
  void aPercentageCountsFromTheSizeAtThePeriodsStart() {
    Pool pool = up(SelectPolicy.Max, DOUBLE).queue(100, 0);
    assertThat(sizes(pool, 15, 6)).containsExactly(1, 2, 4, 8, 16, 32);
  }

  @Test
  void maxTakesTheLargestChangeAndMinTheSmallest() {
    assertThat(sizes(up(SelectPolicy.Max, FOUR_PODS, DOUBLE).queue(100, 0), 15, 5))
        .containsExactly(4, 8, 16, 32, 64);
    assertThat(sizes(up(SelectPolicy.Min, FOUR_PODS, DOUBLE).queue(100, 0), 15, 5))
        .containsExactly(1, 2, 4, 8, 12);
  }

  @Test
  void disabledForbidsADirection() {
    Pool up = up(SelectPolicy.Disabled).queue(100, 0);
    assertThat(up.step().empty()).isTrue();
    Pool down = down(0, SelectPolicy.Disabled).queue(0, 0).idle(4);
    assertThat(down.step().empty()).isTrue();
    assertThat(down.plan().decision().rule()).isEqualTo(Rule.ScaleDownPolicy);
  }

  @Test
  void theFloorIsReachedWhateverThePoliciesAllow() {
    assertThat(up(SelectPolicy.Disabled).bounds(7, 9).queue(0, 0).step().creates()).isEqualTo(7);
  }

  @Test
  void shrinkingIsBoundedInTheSameWay() {
    Pool pods = down(0, SelectPolicy.Max, FOUR_PODS).queue(0, 0).idle(10);
    assertThat(sizes(pods, 15, 4)).containsExactly(6, 2, 0, 0);
    Pool percent = down(0, SelectPolicy.Max, TENTH).queue(0, 0).idle(25);
    assertThat(sizes(percent, 60, 4)).containsExactly(22, 19, 17, 15);
    Pool least = down(0, SelectPolicy.Min, FOUR_PODS, TENTH).queue(0, 0).idle(25);
    assertThat(sizes(least, 60, 2)).containsExactly(22, 19);
  }

  @Test
  void anUpWindowTakesTheLowestSizeThatTheWindowWanted() {
    Behavior slow = new Behavior(ScalingRules.window(30), ScalingRules.window(60));
    Pool pool = new Pool().scaling(s -> s.withBehavior(slow)).queue(8, 0);
    ScalePlan first = pool.step();
    assertThat(first.creates()).isZero();
    assertThat(first.decision().rule()).isEqualTo(Rule.ScaleUpWindow);
    assertThat(first.decision().mayChangeAt()).isEqualTo(Pool.at(30));
    pool.later(20).queue(5, 0).step();
    pool.later(5).queue(8, 0).step();
    assertThat(pool.later(5).step().creates()).isEqualTo(5);
    assertThat(pool.later(25).step().desiredReplicas()).isEqualTo(8);
  }

  @Test
  void aDifferenceWithinTheToleranceIsLeftAlone() {
    ScalingRules tenth = new ScalingRules(0, SelectPolicy.Max, List.of(), TextNode.valueOf("100m"));
    Pool pool =
        new Pool().scaling(s -> s.withBehavior(new Behavior(tenth, tenth))).queue(0, 20).busy(20);
    pool.step();
    ScalePlan same = pool.later(1).queue(2, 20).step();
    assertThat(same.desiredReplicas()).isEqualTo(20);
    assertThat(same.decision().rule()).isEqualTo(Rule.Tolerance);
    assertThat(pool.queue(3, 20).step().desiredReplicas()).isEqualTo(23);
  }

  private static Pool up(SelectPolicy select, ScalingPolicyRule... policies) {
    ScalingRules rules = ScalingRules.window(0).withPolicies(select, List.of(policies));
    return new Pool().scaling(s -> s.withBehavior(new Behavior(rules, ScalingRules.window(60))));
  }

  private static Pool down(int window, SelectPolicy select, ScalingPolicyRule... policies) {
    ScalingRules rules = ScalingRules.window(window).withPolicies(select, List.of(policies));
    return new Pool().scaling(s -> s.withBehavior(new Behavior(ScalingRules.window(0), rules)));
  }

  private static List<Integer> sizes(Pool pool, int seconds, int steps) {
    return IntStream.range(0, steps)
        .mapToObj(
            i -> {
              int size = pool.later(i == 0 ? 0 : seconds).step().desiredReplicas();
              pool.settle();
              return size;
            })
        .toList();
  }
}
