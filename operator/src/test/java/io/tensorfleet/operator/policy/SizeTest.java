package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Demand, bounds, activation and zero: the size from one look at the queue. */
class SizeTest {

  @ParameterizedTest
  @CsvSource({
    // waiting, running, kept free, slots each, size
    "0, 0, 0, 3, 0",
    "1, 0, 0, 3, 1",
    "3, 0, 0, 3, 1",
    "4, 0, 0, 3, 2",
    "0, 4, 0, 3, 2",
    "5, 4, 0, 3, 3",
    "0, 0, 2, 3, 1",
    "5, 4, 2, 3, 4",
    "60, 0, 0, 3, 20",
    "10000, 0, 0, 1, 100"
  })
  void demandIsWaitingAndRunningAndKeptFreeInSlots(
      long waiting, long running, int keptFree, int slots, int size) {
    ScalePlan plan =
        new Pool()
            .slots(slots)
            .scaling(s -> s.withMinIdle(keptFree))
            .queue(waiting, running)
            .plan();
    assertThat(plan.desiredReplicas()).isEqualTo(size);
    assertThat(plan.creates()).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource({
    // tasks, mean seconds, drain time, size
    "60, 10, 60s, 10",
    "60, 10, 1h, 1",
    "60, 10, 1s, 60",
    "60, 0, 60s, 60",
    "61, 10, 60s, 11",
    "1, 0.1, 1h, 1",
    "0, 10, 60s, 0",
  })
  void withADrainTimeWaitingWorkCountsByItsSecondsAtLeastOneAndAtMostOneSlotATask(
      long tasks, double mean, String drain, int size) {
    ScalePlan plan =
        new Pool()
            .scaling(s -> s.withDrainTime(drain))
            .queue(new Known(List.of(new TaskClass("xgboost", tasks, 0, mean)), 0))
            .plan();
    assertThat(plan.desiredReplicas()).isEqualTo(size);
  }

  @Test
  void eachClassCountsByItsOwnMean() {
    Known queue =
        new Known(
            List.of(
                new TaskClass("slow", 10, 2, 60),
                new TaskClass("fast", 100, 1, 0.6),
                new TaskClass("new", 4, 0, 0)),
            0);
    ScalePlan plan = new Pool().scaling(s -> s.withDrainTime("60s")).queue(queue).plan();
    assertThat(plan.decision().demandSlots()).isEqualTo(10 + 1 + 4 + 3);
    assertThat(plan.desiredReplicas()).isEqualTo(18);
  }

  @Test
  void theBoundsHold() {
    assertThat(new Pool().bounds(2, 5).queue(0, 0).plan().desiredReplicas()).isEqualTo(2);
    assertThat(new Pool().bounds(2, 5).queue(3, 0).plan().desiredReplicas()).isEqualTo(3);
    ScalePlan most = new Pool().bounds(2, 5).queue(30, 0).plan();
    assertThat(most.desiredReplicas()).isEqualTo(5);
    assertThat(most.decision().wanted()).isEqualTo(30);
    assertThat(most.decision().rule()).isEqualTo(Rule.MaxReplicas);
    assertThat(most.notes().limited()).isPresent();
  }

  @Test
  void startingPodsAreSupply() {
    Pool pool = new Pool().queue(4, 0);
    assertThat(pool.step().creates()).isEqualTo(4);
    assertThat(pool.step().empty()).isTrue();
    assertThat(pool.queue(6, 0).step().creates()).isEqualTo(2);
  }

  @Test
  void leavingPodsAreNoSupply() {
    Pool pool = new Pool().queue(2, 0).pod(Pods.ready("a", 0).terminating().build());
    assertThat(pool.plan().creates()).isEqualTo(2);
  }

  @Test
  void aPodThatWasDeletedBySomeoneElseIsReplaced() {
    Pool pool = new Pool().queue(0, 2).busy(2);
    pool.step();
    Pool other = new Pool().queue(0, 2).busy(1).remember(pool.plan().memory());
    assertThat(other.plan().creates()).isEqualTo(1);
  }

  @Test
  void anEmptyPoolStartsOnlyWithEnoughWaitingTasks() {
    Pool pool = new Pool().scaling(s -> s.withActivation(5)).queue(4, 0);
    ScalePlan waiting = pool.plan();
    assertThat(waiting.desiredReplicas()).isZero();
    assertThat(waiting.decision().rule()).isEqualTo(Rule.Activation);
    assertThat(pool.queue(5, 0).plan().desiredReplicas()).isEqualTo(5);
  }

  @Test
  void activationIsNoFloorForAPoolThatRuns() {
    Pool pool = new Pool().scaling(s -> s.withActivation(5)).queue(5, 0);
    pool.step();
    pool.settle().queue(2, 0).later(1).step();
    assertThat(pool.later(61).step().desiredReplicas()).isEqualTo(2);
  }

  @Test
  void theLastWorkerGoesOnlyWhenNothingWaitsOrRunsOrWillBeTriedAgain() {
    Pool pool = new Pool().queue(1, 0);
    pool.step();
    Known backingOff = new Known(List.of(), 3);
    pool.settle().queue(backingOff).later(1).step();
    assertThat(pool.later(600).step().desiredReplicas()).isEqualTo(1);
    pool.queue(0, 0).step();
    assertThat(pool.later(61).step().desiredReplicas()).isZero();
    assertThat(pool.queue(backingOff).later(1).step().desiredReplicas()).isZero();
  }

  @Test
  void replicasOfTheSpecSetTheSizeAndBusyWorkersStayAllTheSame() {
    Pool pool = new Pool().spec(s -> s.withReplicas(1)).queue(50, 2).busy(2).idle(3);
    ScalePlan plan = pool.plan();
    assertThat(plan.desiredReplicas()).isEqualTo(1);
    assertThat(plan.decision().rule()).isEqualTo(Rule.SpecReplicas);
    assertThat(Pool.names(plan)).containsExactly("w005", "w004", "w003");
    assertThat(plan.notes().paused()).isPresent();
  }

  @Test
  void replicasOfTheSpecStayWithinTheBounds() {
    ScalePlan plan = new Pool().bounds(0, 5).spec(s -> s.withReplicas(9)).queue(0, 0).plan();
    assertThat(plan.creates()).isEqualTo(5);
    assertThat(plan.decision().rule()).isEqualTo(Rule.MaxReplicas);
  }

  @Test
  void whenReplicasIsClearedTheSurplusMustLastTheWholeWindow() {
    Pool pool = new Pool().spec(s -> s.withReplicas(4)).queue(0, 0);
    pool.step();
    pool.settle().spec(s -> s.withBounds(0, 5));
    pool.spec(s -> io.tensorfleet.crds.WorkerPoolSpec.defaults()).later(300);
    assertThat(pool.step().desiredReplicas()).isEqualTo(4);
    assertThat(pool.later(59).step().desiredReplicas()).isEqualTo(4);
    assertThat(pool.later(1).step().desiredReplicas()).isZero();
  }
}
