package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 2: a Pod that cannot start is no supply; its replacement is bounded. */
class FailedPodsTest {

  @ParameterizedTest
  @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "NODE_LOST")
  void untilItsDeadlineABlockedPodIsSupplyAndThenItIsReplaced(Cause cause) {
    Pool pool = new Pool().queue(1, 0).pod(Pods.blocked("b", cause, Pool.START).build());
    ScalePlan early = pool.step();
    assertThat(early.empty()).isTrue();
    assertThat(early.notes().degraded()).isPresent();
    assertThat(early.decision().mayChangeAt()).contains(Pool.START.plus(cause.deadline()));
    ScalePlan late = pool.later(cause.deadline()).step();
    assertThat(late.retirements())
        .containsExactly(new Retirement("b", "uid-b", "i1", Reason.CANNOT_START));
    assertThat(late.creates()).isEqualTo(1);
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
    assertThat(pool.settle().later(1).step().memory().breakers()).isEmpty();
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
