package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.operator.policy.Decision.Rule;
import org.junit.jupiter.api.Test;

/**
 * Shrinking needs a surplus that lasted the whole window, and goes to the highest size that the
 * window wanted.
 */
class DownTest {

  @Test
  void aSurplusMustLastTheWholeWindow() {
    Pool pool = new Pool().queue(0, 0).idle(4);
    ScalePlan first = pool.step();
    assertThat(first.empty()).isTrue();
    assertThat(first.decision().rule()).isEqualTo(Rule.ScaleDownWindow);
    assertThat(first.decision().mayChangeAt()).isEqualTo(Pool.at(60));
    assertThat(pool.later(59).step().empty()).isTrue();
    assertThat(pool.later(1).step().retirements()).hasSize(4);
  }

  @Test
  void thePoolShrinksToTheHighestSizeThatTheWindowWanted() {
    Pool pool = new Pool().queue(8, 0).idle(8);
    pool.step();
    pool.later(10).queue(0, 0).step();
    pool.later(10).queue(3, 0).step();
    pool.later(10).queue(1, 0).step();
    pool.later(41).step();
    assertThat(pool.later(0).step().desiredReplicas()).isEqualTo(3);
    assertThat(pool.later(19).step().desiredReplicas()).isEqualTo(1);
  }

  @Test
  void workThatComesBackStartsTheWindowAnew() {
    Pool pool = new Pool().queue(4, 0).idle(4);
    pool.step();
    pool.later(10).queue(0, 0).step();
    pool.later(50).queue(4, 0).step();
    pool.later(1).queue(0, 0).step();
    assertThat(pool.later(59).step().desiredReplicas()).isEqualTo(4);
    assertThat(pool.later(1).step().desiredReplicas()).isZero();
  }

  @Test
  void anUnknownQueueIsNoPartOfASurplus() {
    Pool pool = new Pool().queue(0, 0).idle(4);
    pool.step();
    pool.later(30).unknown().step();
    pool.later(1).queue(0, 0).step();
    assertThat(pool.later(30).step().desiredReplicas()).isEqualTo(4);
    assertThat(pool.later(31).step().desiredReplicas()).isZero();
  }

  @Test
  void theDecisionSaysWhenItMayChange() {
    Pool pool = new Pool().queue(8, 0).idle(8);
    pool.step();
    pool.later(10).queue(3, 0);
    ScalePlan held = pool.step();
    assertThat(held.decision().mayChangeAt()).isEqualTo(Pool.at(70));
    pool.later(10).queue(1, 0);
    assertThat(pool.step().decision().mayChangeAt()).isEqualTo(Pool.at(70));
    pool.later(50);
    assertThat(pool.step().desiredReplicas()).isEqualTo(3);
    assertThat(pool.step().decision().mayChangeAt()).isEqualTo(Pool.at(80));
  }

  @Test
  void aWindowOfZeroShrinksAtOnce() {
    Pool pool = new Pool().scaling(s -> s.withBehavior(down(0))).queue(0, 0).idle(4);
    assertThat(pool.step().retirements()).hasSize(4);
  }

  @Test
  void restoredMemoryStillWaitsForOneWindow() {
    Pool pool = new Pool().queue(0, 0).idle(4).remember(Memory.restored(4));
    assertThat(pool.step().empty()).isTrue();
    assertThat(pool.later(60).step().retirements()).hasSize(4);
  }

  @Test
  void podsThatAStatusDoesNotKnowYetAreNoSurplusBeforeAWindowHasPassed() {
    Pool pool = new Pool().queue(0, 0).idle(4).remember(Memory.restored(1));
    assertThat(pool.step().empty()).isTrue();
    assertThat(pool.later(59).step().empty()).isTrue();
    assertThat(pool.later(1).step().retirements()).hasSize(4);
  }

  @Test
  void aQueueThatSwingsFasterThanTheWindowShrinksNothing() {
    Pool pool = new Pool().queue(8, 0).idle(8);
    for (int i = 0; i < 60; i++) {
      pool.later(5).queue(i % 2 == 0 ? 0 : 8, 0);
      assertThat(pool.step().empty()).isTrue();
    }
  }

  @Test
  void aThousandChangesASecondAreRememberedInFewWishes() {
    Pool pool = new Pool().queue(0, 0).idle(4);
    for (int i = 0; i < 5_000; i++) {
      pool.later(java.time.Duration.ofMillis(1)).queue(i % 7, 0).step();
    }
    assertThat(pool.plan().memory().wishes().size()).isLessThan(20);
    pool.queue(0, 0).step();
    assertThat(pool.later(59).step().desiredReplicas()).isEqualTo(6);
    assertThat(pool.later(2).step().desiredReplicas()).isZero();
  }

  @Test
  void wishesOutsideOfEveryWindowAreForgotten() {
    Pool pool = new Pool().queue(0, 0);
    for (int i = 0; i < 1_000; i++) {
      pool.later(5).queue(i % 2, 0).step();
    }
    assertThat(pool.plan().memory().wishes().size()).isLessThan(20);
  }

  private static Behavior down(int seconds) {
    return new Behavior(ScalingRules.window(0), ScalingRules.window(seconds));
  }
}
