package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 2: a Pod that cannot start is no supply; its replacement is bounded. */
class FailedPodsTest {

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"GATED", "NODE_LOST"})
  void untilItsDeadlineABlockedPodIsSupplyAndThenItIsReplaced(Cause cause) {
    Pool pool = new Pool().queue(1, 0).pod(Pods.blocked("b", cause, Pool.START).build());
    assertThat(pool.step().empty()).isTrue();
    assertThat(pool.later(cause.deadline().minusSeconds(1)).step().empty()).isTrue();
    ScalePlan late = pool.later(1).step();
    assertThat(late.retirements())
        .containsExactly(
            new Retirement("b", "uid-b", "i1", Reason.CANNOT_START, Optional.of(cause)));
    assertThat(late.retirements().getFirst().why()).contains("it cannot start", cause.words());
    assertThat(late.creates()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"CONFIG", "IMAGE", "CRASH_LOOP", "UNSCHEDULABLE"})
  void theDecisionIsMadeAgainAtTheDeadlineOfWhatKubernetesTells(Cause cause) {
    Pool pool = new Pool().queue(1, 0).pod(Pods.blocked("b", cause, Pool.START).build());
    assertThat(pool.step().decision().mayChangeAt()).contains(Pool.START.plus(cause.deadline()));
  }

  @Test
  void aPodHeldBackOnPurposeIsNeverGivenUp() {
    Pool pool = new Pool().queue(1, 0).pod(Pods.blocked("b", Cause.GATED, Pool.START).build());
    ScalePlan plan = pool.later(Duration.ofDays(365)).step();
    assertThat(plan.empty()).isTrue();
    assertThat(plan.notes().degraded()).isEmpty();
    assertThat(plan.notes().progressing().orElseThrow().message())
        .isEqualTo(
            "1 worker of 1 starting; 1 worker must wait for a scheduling gate (b: it is blocked)");
  }

  @Test
  void aPodThatEndedIsReplaced() {
    Pool pool = new Pool().queue(2, 0).idle(1).pod(Pods.finished("f").build());
    ScalePlan plan = pool.plan();
    assertThat(plan.retirements()).extracting(Retirement::reason).containsExactly(Reason.FINISHED);
    assertThat(plan.creates()).isEqualTo(1);
  }

  @Test
  void replacementsOfARevisionThatNeverStartsAreBounded() {
    Pool pool = new Pool().queue(20, 0);
    List<Integer> created = new ArrayList<>();
    pool.step();
    for (int second = 0; second < 3600; second++) {
      pool.later(1).settleCrashing();
      created.add(pool.step().creates());
    }
    int replaced = created.stream().mapToInt(Integer::intValue).sum();
    assertThat(replaced).isBetween(5, 15);
    assertThat(pool.size()).isEqualTo(20);
  }

  @Test
  void whatEndedOfARevisionThatWorksIsReplacedFreely() {
    Pool pool = new Pool().queue(50, 0).idle(1);
    for (int i = 0; i < 49; i++) {
      pool.pod(Pods.finished("f%02d".formatted(i)).build());
    }
    assertThat(pool.step().creates()).isEqualTo(49);
    assertThat(pool.plan().memory().breakers()).isEmpty();
  }

  @Test
  void theBreakerIsForgottenWhenTheRevisionWorks() {
    Pool pool =
        new Pool().queue(1, 0).pod(Pods.blocked("b", Cause.CONFIG, Pool.START).build()).later(120);
    assertThat(pool.step().memory().breakers()).containsKey(Pool.REVISION);
    assertThat(pool.settle().later(29).step().memory().breakers()).isNotEmpty();
    assertThat(pool.later(1).step().memory().breakers()).isEmpty();
  }

  @Test
  void whatEndsAsItBeginsIsReplacedWithinTheBreakerAlthoughOthersOfItsRevisionServe() {
    Pool pool = new Pool().queue(10, 0).idle(5);
    int created = 0;
    pool.step();
    for (int second = 0; second < 600; second++) {
      pool.later(1).settleEndingEarly();
      created += pool.step().creates();
    }
    assertThat(created).isBetween(3, 12);
  }

  @Test
  void whatServedAndEndedIsReplacedAtOnceAlthoughNothingElseServes() {
    Pool pool = new Pool().queue(50, 0);
    for (int i = 0; i < 50; i++) {
      pool.pod(Pods.finished("f%02d".formatted(i)).build());
    }
    assertThat(pool.step().creates()).isEqualTo(50);
  }

  @Test
  void podsThatCannotStartDoNotHoldUpTheGrowthOfThePool() {
    Pool pool = new Pool().queue(10, 0).idle(7);
    for (int i = 0; i < 3; i++) {
      pool.pod(Pods.blocked("u" + i, Cause.UNSCHEDULABLE, Pool.START).build());
    }
    assertThat(pool.step().creates()).isZero();
    assertThat(pool.queue(20, 0).step().creates()).isEqualTo(10);
    assertThat(pool.later(Duration.ofHours(1)).queue(30, 0).step().creates()).isEqualTo(13);
  }

  @Test
  void eachRevisionOfWhichPodsAreMadeHasItsOwnBreaker() {
    Pool pool = new Pool().queue(10, 0).remember(Memory.restored(10).with(failed()));
    pool.spec(spec -> spec.withUpdate(Pool.rollingBack())).revision("r2").later(120);
    for (int i = 0; i < 10; i++) {
      pool.pod(Pods.blocked("b" + i, Cause.CONFIG, Pool.START).build());
    }
    ScalePlan plan = pool.step();
    assertThat(plan.retirements()).hasSize(3);
    assertThat(plan.memory().breakers()).containsOnlyKeys(Pool.REVISION);
    assertThat(pool.later(1).step().retirements()).isEmpty();
    assertThat(pool.plan().decision().mayChangeAt()).isEqualTo(Pool.at(150));
  }

  /** The newest revision, r2, failed, and the pool is back at the one that worked. */
  private static Rollout failed() {
    return new Rollout(
        "r2",
        Optional.of(Pool.REVISION),
        Optional.of(Pool.START),
        Optional.empty(),
        Optional.empty(),
        Optional.of("it failed"));
  }

  @Test
  void surplusThatCannotStartLeavesWithoutBeingCharged() {
    Pool pool = new Pool().queue(10, 0);
    for (int i = 0; i < 10; i++) {
      pool.pod(Pods.blocked("b" + i, Cause.IMAGE, Pool.START).build());
    }
    pool.step();
    ScalePlan plan = pool.later(Duration.ofMinutes(5)).queue(0, 0).step();
    pool.later(60).step();
    assertThat(pool.size()).isZero();
    assertThat(plan.memory().breakers().values())
        .extracting(Memory.Breaker::replaced)
        .containsExactly(3);
  }

  @Test
  void theDecisionIsMadeAgainWhenThePauseEnds() {
    Pool pool = new Pool().queue(4, 0);
    for (int i = 0; i < 4; i++) {
      pool.pod(Pods.blocked("b" + i, Cause.CONFIG, Pool.START).build());
    }
    assertThat(pool.later(120).step().retirements()).hasSize(3);
    assertThat(pool.plan().decision().mayChangeAt()).isEqualTo(Pool.at(150));
    assertThat(pool.later(30).step().retirements()).hasSize(1);
  }
}
