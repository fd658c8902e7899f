package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Fallback;
import io.tensorfleet.crds.FallbackAction;
import io.tensorfleet.operator.policy.Decision.Rule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 6: unknown is not zero. */
class UnknownQueueTest {

  @ParameterizedTest
  @CsvSource({
    // action, replicas, size before, size after
    "Hold, , 0, 2",
    "Hold, , 5, 5",
    "Floor, , 0, 2",
    "Floor, , 5, 5",
    "Static, 4, 0, 4",
    "Static, 4, 5, 5",
    "Static, 40, 5, 20",
    "Max, , 0, 20",
    "Max, , 5, 20",
  })
  void theSizeIsHeldAndThenTheFallbackApplies(
      FallbackAction action, @Nullable Integer replicas, int before, int after) {
    Pool pool = pool(action, replicas).idle(before).remember(Memory.restored(before)).unknown();
    ScalePlan held = pool.step();
    assertThat(held.desiredReplicas()).isEqualTo(Math.max(2, before));
    assertThat(held.retirements()).isEmpty();
    assertThat(held.notes().queueUnknown()).isPresent();
    assertThat(pool.later(59).step().desiredReplicas()).isEqualTo(Math.max(2, before));
    ScalePlan fallback = pool.later(1).step();
    assertThat(fallback.desiredReplicas()).isEqualTo(after);
    assertThat(fallback.retirements()).isEmpty();
    assertThat(pool.size()).isEqualTo(after);
  }

  @Test
  void theDecisionSaysWhenTheFallbackBegins() {
    ScalePlan held = pool(FallbackAction.Max, null).idle(5).unknown().plan();
    assertThat(held.decision().mayChangeAt()).isEqualTo(Pool.at(60));
    assertThat(held.decision().rule()).isEqualTo(Rule.QueueUnknown);
    assertThat(pool(FallbackAction.Hold, null).idle(5).unknown().plan().decision().mayChangeAt())
        .isEmpty();
  }

  @Test
  void aWorkerThatIsGoneIsReplacedWhileTheSizeIsHeld() {
    Pool pool = pool(FallbackAction.Hold, null).idle(4).remember(Memory.restored(5)).unknown();
    assertThat(pool.plan().creates()).isEqualTo(1);
  }

  @Test
  void belowTheFallbackNobodyIsReplacedOnceItApplies() {
    Pool pool = pool(FallbackAction.Floor, null).idle(4).remember(Memory.restored(5)).unknown();
    assertThat(pool.later(60).plan().desiredReplicas()).isEqualTo(4);
  }

  @Test
  void holdingDoesNotGrowAPoolInTheMiddleOfAnUpdate() {
    Pool pool = new Pool().queue(4, 0).idle(4);
    pool.step();
    pool.revision("r2").later(1).step();
    assertThat(pool.size()).isEqualTo(5);
    pool.unknown();
    for (int i = 0; i < 5; i++) {
      pool.later(1).step();
    }
    assertThat(pool.size()).isEqualTo(5);
  }

  @Test
  void whenTheQueueIsBackTheSizeFollowsItAtOnce() {
    Pool pool = pool(FallbackAction.Hold, null).idle(2).unknown();
    pool.step();
    assertThat(pool.later(300).queue(9, 0).step().desiredReplicas()).isEqualTo(9);
  }

  private static Pool pool(FallbackAction action, @Nullable Integer replicas) {
    return new Pool()
        .bounds(2, 20)
        .scaling(s -> s.withFallback(new Fallback("60s", action, replicas)));
  }
}
