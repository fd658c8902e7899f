package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import io.tensorfleet.operator.queue.QueueReading;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of Pods that are replaced because they did not serve. */
class FailuresTest {
  private static final Retirement IMAGE =
      new Retirement("a", "uid-a", "", Reason.CANNOT_START, Optional.of(Cause.IMAGE));
  private static final Retirement LOST =
      new Retirement("b", "uid-b", "", Reason.LOST, Optional.of(Cause.NODE_LOST));

  @Test
  void theEventOfAReplacementNamesTheCause() {
    assertThat(told(IMAGE, LOST))
        .isEqualTo("Removing a, because it cannot start (it cannot get the image); and 1 more");
    assertThat(told(LOST)).isEqualTo("Removing b, because its node does not report");
  }

  @Test
  void eachPodThatLeavesBecauseItDidNotServeIsCountedByItsCause() {
    ScalePlan plan =
        Pools.plan(
            4,
            4,
            4,
            IMAGE,
            LOST,
            Pools.retire("c", Reason.FINISHED),
            Pools.retire("d", Reason.IDLE),
            new Retirement("e", "uid-e", "", Reason.CANNOT_START, Optional.of(Cause.CONFIG)));
    var seen =
        new Observation(
            Pools.pool(),
            Pools.blueprint(),
            List.of(),
            new QueueReading.Connecting(),
            PoolMemory.restored(Pools.pool(), List.of()),
            Pools.NOON);
    var removed = List.of("uid-a", "uid-b", "uid-c", "uid-d");
    var applied =
        new Applied(List.of(), removed, List.of("e is busy"), Optional.empty(), Optional.empty());

    assertThat(new Outlook(seen, seen.view(), plan, applied).failures())
        .containsExactly("image", "node_lost", "ended");
  }

  private static String told(Retirement... gone) {
    WorkerPoolStatus status = WorkerPoolStatus.empty();
    return Announcement.of(status, status, Pools.plan(2, 2, 2, gone)).getFirst().text();
  }
}
