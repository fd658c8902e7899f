package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.operator.policy.PodPhase.Ready;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every plan, whatever the view. */
class PolicyPropertiesTest {

  @Provide
  Arbitrary<PoolView> views() {
    return Views.any();
  }

  @Property(tries = 1_500)
  void theBoundsHold(@ForAll("views") PoolView view) {
    ScalePlan plan = ScalingPolicy.decide(view);
    int max = view.spec().maxReplicas();
    ScalingMode mode = view.spec().scaling().mode();
    if (mode == ScalingMode.Auto) {
      assertThat(plan.desiredReplicas()).isBetween(Math.min(view.spec().minReplicas(), max), max);
    }
    int surge = view.spec().update().surgeFor(plan.desiredReplicas());
    int after = staying(view, plan) + plan.creates();
    if (plan.creates() > 0) {
      assertThat(after).isLessThanOrEqualTo(plan.desiredReplicas() + surge);
    }
    assertThat(plan.creates()).isNotNegative();
  }

  @Property(tries = 1_500)
  void aBusyWorkerIsNeverRetiredNorOneThatNobodyKnows(@ForAll("views") PoolView view) {
    Map<String, PodView> pods = byName(view);
    ScalePlan plan = ScalingPolicy.decide(view);
    String goal = plan.memory().rollout().goal();
    for (Retirement gone : plan.retirements()) {
      PodView pod = Objects.requireNonNull(pods.get(gone.pod()));
      if (gone.reason().drains()) {
        assertThat(pod.busy() && !pod.revision().equals(goal)).isTrue();
        continue;
      }
      assertThat(pod.busy()).isFalse();
      assertThat(pod.phase()).isNotInstanceOf(Terminating.class);
      if (pod.phase() instanceof Ready) {
        assertThat(pod.idle()).isTrue();
      }
    }
  }

  @Property(tries = 1_500)
  void nobodyIsRetiredTwiceOrWithTheQueueUnknownOrUnderAModeThatForbidsIt(
      @ForAll("views") PoolView view) {
    ScalePlan plan = ScalingPolicy.decide(view);
    assertThat(plan.retirements()).extracting(Retirement::pod).doesNotHaveDuplicates();
    ScalingMode mode = view.spec().scaling().mode();
    if (view.queue() instanceof Unknown) {
      assertThat(plan.retirements()).isEmpty();
    }
    if (mode == ScalingMode.Paused || mode == ScalingMode.DryRun) {
      assertThat(plan.empty()).isTrue();
    }
  }

  @Property(tries = 500)
  void equalViewsGiveEqualPlansWhateverTheOrderOfThePods(
      @ForAll("views") PoolView view, @ForAll long seed) {
    List<PodView> shuffled = new ArrayList<>(view.pods());
    Collections.shuffle(shuffled, new Random(seed));
    PoolView same =
        new PoolView(
            view.spec(), view.queue(), shuffled, view.revision(), view.memory(), view.now());
    assertThat(ScalingPolicy.decide(same)).isEqualTo(ScalingPolicy.decide(view));
  }

  @Property(tries = 1_500)
  void aSecondPlanAfterCarryingOutTheFirstIsEmpty(@ForAll("views") PoolView view) {
    ScalePlan first = ScalingPolicy.decide(view);
    ScalePlan second = ScalingPolicy.decide(Views.after(view, first));
    assertThat(second.creates()).as("creates after %s", first).isZero();
    assertThat(second.retirements()).as("retirements after %s", first).isEmpty();
    if (view.spec().scaling().mode() != ScalingMode.DryRun) {
      assertThat(second.desiredReplicas()).isEqualTo(first.desiredReplicas());
    }
  }

  @Property(tries = 500)
  void workNeverLeavesAPoolThatMayGrowWithoutAWorker(@ForAll("views") PoolView view) {
    ScalePlan plan = ScalingPolicy.decide(view);
    boolean work =
        view.queue() instanceof Known known
            && known.waiting() >= view.spec().scaling().activation();
    boolean free =
        view.spec().scaling().mode() == ScalingMode.Auto
            && view.spec().decidedElsewhere().isEmpty()
            && view.spec().maxReplicas() > 0
            && view.memory().size().orElse(0) > 0;
    if (work && free) {
      assertThat(plan.desiredReplicas()).isPositive();
    }
  }

  @Property(tries = 500)
  void theTimeOfTheNextChangeLiesAhead(@ForAll("views") PoolView view) {
    ScalePlan plan = ScalingPolicy.decide(view);
    plan.decision().mayChangeAt().ifPresent(time -> assertThat(time).isAfter(view.now()));
    assertThat(plan.decision().sentence()).isNotBlank();
  }

  /** Pods that have a place after the plan; those that leave already have none. */
  private static int staying(PoolView view, ScalePlan plan) {
    Fleet fleet = Fleet.of(view);
    long going =
        plan.retirements().stream().filter(gone -> gone.reason() != Reason.LEAVING).count();
    return (int) (fleet.supply() + fleet.failed().size() - going);
  }

  private static Map<String, PodView> byName(PoolView view) {
    return view.pods().stream().collect(Collectors.toMap(PodView::name, Function.identity()));
  }
}
