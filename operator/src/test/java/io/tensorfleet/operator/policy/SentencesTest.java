package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Fallback;
import io.tensorfleet.crds.FallbackAction;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sentence that status, events and {@code tensorfleet why} share. */
class SentencesTest {

  @Test
  void aGrowingPoolSaysWhatWaitsAndWhatThatAsksFor() {
    assertThat(sentence(new Pool().slots(3).queue(60, 1)))
        .isEqualTo(
            "grows from 0 to 21 workers: 60 tasks wait, 1 runs; with 3 slots each that asks for 21 workers.");
  }

  @Test
  void aBoundIsNamed() {
    assertThat(sentence(new Pool().slots(3).bounds(0, 4).queue(60, 0)))
        .isEqualTo(
            "grows from 0 to 4 workers: 60 tasks wait, 0 run; with 3 slots each that asks for 20 workers; maxReplicas is 4.");
  }

  @Test
  void aSurplusSaysHowLongItMustLastAndHoldsNoCountdown() {
    Pool pool = new Pool().slots(3).queue(1, 0).idle(4);
    String first = sentence(pool);
    assertThat(first)
        .isEqualTo(
            "stays at 4 workers: 1 task waits, 0 run; with 3 slots each that asks for 1 worker; "
                + "a surplus must last 1m (scaleDown.stabilizationWindowSeconds).");
    pool.step();
    assertThat(sentence(pool.later(20))).isEqualTo(first);
    assertThat(sentence(pool.later(40)))
        .isEqualTo(
            "shrinks from 4 to 1 worker: 1 task waits, 0 run; with 3 slots each that asks for 1 worker.");
  }

  @Test
  void aDrainTimeAndKeptFreeSlotsAndDelayedTasksAreNamed() {
    Known queue = new Known(List.of(new TaskClass("xgboost", 30, 2, 10)), 4);
    Pool pool = new Pool().scaling(s -> s.withDrainTime("1m").withMinIdle(1)).queue(queue);
    assertThat(sentence(pool))
        .isEqualTo(
            "grows from 0 to 8 workers: 30 tasks wait (5 slots to finish in 1m), 2 run, "
                + "4 will be tried again, 1 slot is kept free; with 1 slot each that asks for 8 workers.");
  }

  @Test
  void anUnknownQueueSaysSinceWhenAndWhy() {
    Pool pool = new Pool().idle(2).queue(new Unknown(Pool.START, "no answer from q:50051"));
    assertThat(sentence(pool))
        .isEqualTo(
            "stays at 2 workers: the queue is unknown since 2026-03-02T10:00:00Z (no answer from q:50051); "
                + "unknown is not empty, so the size is held.");
    pool.scaling(s -> s.withFallback(new Fallback("60s", FallbackAction.Static, 3)));
    assertThat(sentence(pool.later(60)))
        .startsWith("grows from 2 to 3 workers: ")
        .endsWith("; that is longer than 60s, so the fallback Static holds.");
  }

  private static String sentence(Pool pool) {
    return pool.plan().decision().sentence();
  }
}
