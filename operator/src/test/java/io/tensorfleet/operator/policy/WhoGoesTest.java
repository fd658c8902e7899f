package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rule 5: who goes, in which order, and who never goes. */
class WhoGoesTest {
  private static final Instant OLD = Pool.START.minusSeconds(7200);

  @Test
  void theOrderIsCannotStartThenNotStartedThenOldRevisionThenIdleYoungestFirst() {
    List<PodView> pods =
        new ArrayList<>(
            List.of(
                Pods.blocked("e-blocked", Cause.IMAGE, OLD).at(OLD).build(),
                Pods.starting("d-starting").at(OLD).build(),
                Pods.ready("c-old", 0).revision("r0").at(OLD).build(),
                Pods.ready("b-young", 0).at(Pool.START.minusSeconds(1)).build(),
                Pods.ready("a-older", 0).at(Pool.START.minusSeconds(9)).build(),
                Pods.ready("f-older", 0).at(Pool.START.minusSeconds(9)).build(),
                Pods.ready("g-busy", 1).at(Pool.START).build()));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(pods, new Random(seed));
      ScalePlan plan = shrinking().queue(0, 1).pods(pods).plan();
      assertThat(plan.retirements())
          .extracting(Retirement::pod, Retirement::reason)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("e-blocked", Reason.CANNOT_START),
              org.assertj.core.groups.Tuple.tuple("d-starting", Reason.NOT_STARTED),
              org.assertj.core.groups.Tuple.tuple("c-old", Reason.OLD_REVISION),
              org.assertj.core.groups.Tuple.tuple("b-young", Reason.IDLE),
              org.assertj.core.groups.Tuple.tuple("a-older", Reason.IDLE),
              org.assertj.core.groups.Tuple.tuple("f-older", Reason.IDLE));
    }
  }

  @Test
  void onlyAsManyGoAsAreTooMany() {
    ScalePlan plan = shrinking().queue(0, 2).idle(3).busy(2).plan();
    assertThat(Pool.names(plan)).containsExactly("w003", "w002", "w001");
    ScalePlan some = shrinking().queue(2, 2).idle(3).busy(2).plan();
    assertThat(Pool.names(some)).containsExactly("w003");
  }

  @Test
  void aBusyWorkerIsNeverRetired() {
    assertThat(shrinking().queue(0, 0).busy(3).plan().retirements()).isEmpty();
    PodView busyAndBlocked = Pods.blocked("a", Cause.CRASH_LOOP, OLD).busy(1).build();
    PodView busyAndNotReady = Pods.starting("b").busy(2).build();
    ScalePlan plan = shrinking().queue(0, 0).pod(busyAndBlocked).pod(busyAndNotReady).plan();
    assertThat(plan.retirements()).isEmpty();
  }

  @Test
  void aReadyWorkerThatTheOrchestratorDoesNotKnowIsNeverRetired() {
    Pool pool = shrinking().queue(0, 0).pod(Pods.readyUnseen("a").build());
    assertThat(pool.plan().retirements()).isEmpty();
  }

  @Test
  void nobodyGoesWhileTheQueueIsUnknown() {
    Pool pool =
        shrinking()
            .unknown()
            .idle(3)
            .pod(Pods.blocked("b", Cause.IMAGE, OLD).build())
            .pod(Pods.finished("f").build())
            .pod(Pods.ready("o", 0).revision("r0").build())
            .pod(Pods.ready("c", 0).cordoned().build());
    assertThat(pool.bounds(0, 1).plan().retirements()).isEmpty();
  }

  @Test
  void aWorkerThatWasCordonedIsNoSupplyAndIsTakenAwayWhenIdle() {
    Pool pool =
        new Pool()
            .queue(0, 2)
            .pod(Pods.ready("a", 0).cordoned().build())
            .pod(Pods.ready("b", 1).cordoned().build())
            .busy(1);
    ScalePlan plan = pool.plan();
    assertThat(plan.retirements()).extracting(Retirement::reason).containsExactly(Reason.LEAVING);
    assertThat(plan.creates()).isEqualTo(1);
  }

  @Test
  void whatIsLostWithItsNodeIsReplacedAtOnceHoweverMuchItIs() {
    Pool pool = new Pool().queue(0, 6);
    for (int i = 0; i < 6; i++) {
      pool.pod(Pods.blocked("lost" + i, Cause.NODE_LOST, OLD).build());
    }
    ScalePlan plan = pool.plan();
    assertThat(plan.retirements())
        .hasSize(6)
        .extracting(Retirement::reason)
        .containsOnly(Reason.LOST);
    assertThat(plan.creates()).isEqualTo(6);
  }

  private static Pool shrinking() {
    Behavior atOnce = new Behavior(ScalingRules.window(0), ScalingRules.window(0));
    return new Pool().bounds(0, 100).scaling(s -> s.withBehavior(atOnce));
  }
}
