package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A new revision replaces idle workers at once and busy ones when they become idle. */
class UpdateTest {

  @ParameterizedTest
  @CsvSource({
    // size, surge, unavailable, most Pods at once, fewest ready ones
    "4, 1, 0, 5, 4",
    "4, 25%, 0, 5, 4",
    "8, 25%, 0, 10, 8",
    "4, 0, 1, 4, 3",
    "4, 2, 2, 6, 2",
    "1, 1, 0, 2, 1",
  })
  void theUpdateEndsAndKeepsItsBounds(
      int size, String surge, String unavailable, int most, int fewest) {
    Pool pool =
        new Pool()
            .bounds(size, size)
            .spec(
                s ->
                    s.withUpdate(
                        s.update()
                            .withBounds(
                                new IntOrString(number(surge)),
                                new IntOrString(number(unavailable)))))
            .queue(0, 0)
            .idle(size);
    pool.step();
    pool.revision("r2");
    for (int i = 0; i < 20; i++) {
      pool.later(1).step();
      assertThat(pool.size()).isLessThanOrEqualTo(most);
      assertThat(readyPods(pool)).isGreaterThanOrEqualTo(fewest);
      assertThat(pool.plan().empty()).isTrue();
      pool.settle();
    }
    assertThat(pool.pods()).hasSize(size).allMatch(pod -> pod.revision().equals("r2"));
  }

  @Test
  void aBusyWorkerOfAnOldRevisionGetsNoMoreTasksAndStaysUntilItIsIdle() {
    Pool pool = new Pool().queue(9, 2).busy(2).spec(s -> s.withReplicas(2));
    pool.step();
    pool.revision("r2").later(1);
    assertThat(pool.step().creates()).isEqualTo(1);
    pool.settle();
    assertThat(pool.later(1).step().retirements())
        .containsExactly(new Retirement("w002", "uid-w002", "i1", Reason.DRAINING));
    assertThat(pool.settle().later(1).step().empty()).isTrue();
    pool.each(pod -> pod.cordoned() ? Pods.from(pod).ready(0).build() : pod);
    assertThat(pool.later(1).step().retirements())
        .containsExactly(new Retirement("w002", "uid-w002", "i1", Reason.LEAVING));
    assertThat(pool.leave().step().creates()).isEqualTo(1);
  }

  @Test
  void anIdleWorkerOfAnOldRevisionGoesBeforeABusyOneIsDrained() {
    Pool pool =
        new Pool()
            .queue(0, 1)
            .revision("r2")
            .spec(s -> s.withReplicas(2))
            .pod(Pods.ready("w001", 0).build())
            .pod(Pods.ready("w002", 1).build())
            .pod(Pods.ready("w003", 0).revision("r2").build());
    assertThat(pool.plan().retirements())
        .containsExactly(new Retirement("w001", "uid-w001", "i1", Reason.OLD_REVISION));
  }

  @Test
  void anOldPodThatHasNotStartedIsReplacedAtOnce() {
    Pool pool = new Pool().queue(2, 0);
    pool.step();
    ScalePlan plan = pool.revision("r2").step();
    assertThat(plan.retirements())
        .extracting(Retirement::reason)
        .containsExactly(Reason.NOT_STARTED, Reason.NOT_STARTED);
    assertThat(plan.creates()).as("as far as the surge goes while they leave").isEqualTo(1);
    assertThat(pool.leave().step().creates()).isEqualTo(1);
  }

  @Test
  void aNewRevisionThatCannotStartLeavesTheOldOneAtWork() {
    Pool pool = new Pool().queue(0, 4).busy(4);
    pool.step();
    pool.revision("r2").later(1).step();
    PodView made =
        pool.pods().stream().filter(p -> p.revision().equals("r2")).findFirst().orElseThrow();
    Pool stuck =
        new Pool()
            .queue(0, 4)
            .busy(4)
            .revision("r2")
            .remember(pool.plan().memory())
            .pod(Pods.blocked(made.name(), PodPhase.Cause.IMAGE, Pool.START).revision("r2").build())
            .later(200);
    int made2 = 0;
    for (int i = 0; i < 10; i++) {
      made2 += stuck.later(1).leave().step().creates();
    }
    assertThat(made2).isEqualTo(1);
    assertThat(readyPods(stuck)).isEqualTo(4);
  }

  @Test
  void anUpdateOfAnEmptyPoolDoesNothing() {
    Pool pool = new Pool().queue(0, 0);
    pool.step();
    assertThat(pool.revision("r2").later(1).step().empty()).isTrue();
  }

  @Test
  void aPoolThatShrinksToZeroInTheMiddleOfAnUpdateGetsThere() {
    Pool pool = new Pool().queue(4, 0).idle(4);
    pool.step();
    pool.revision("r2").later(1).step();
    pool.settle().queue(0, 0).later(1).step();
    for (int i = 0; i < 5; i++) {
      pool.later(61).step();
      pool.settle();
    }
    assertThat(pool.size()).isZero();
  }

  private static long readyPods(Pool pool) {
    return pool.pods().stream().filter(pod -> pod.phase() instanceof PodPhase.Ready).count();
  }

  private static Object number(String text) {
    return text.endsWith("%") ? text : Integer.valueOf(text);
  }
}
