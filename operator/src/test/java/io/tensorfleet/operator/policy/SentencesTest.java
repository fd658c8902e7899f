package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.Fallback;
import io.tensorfleet.crds.FallbackAction;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.Schedule;
import io.tensorfleet.crds.SelectPolicy;
import io.tensorfleet.operator.policy.Decision.Rule;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

  @Test
  void aSizeThatSomebodyElseSetIsNamedAlsoWhereABoundBinds() {
    Pool pool = new Pool().bounds(1, 4).queue(2, 0).spec(spec -> spec.withReplicas(3));
    assertThat(sentence(pool))
        .isEqualTo(
            "grows from 0 to 3 workers: 2 tasks wait, 0 run; with 1 slot each that asks for 2 workers; spec.replicas sets 3 workers.");
    assertThat(sentence(pool.spec(spec -> spec.withReplicas(9))))
        .endsWith("; spec.replicas asks for 9 workers, and maxReplicas is 4.");
    assertThat(sentence(pool.spec(spec -> spec.withReplicas(0))))
        .endsWith("; spec.replicas asks for 0 workers, and minReplicas is 1.");
  }

  @Test
  void everyRuleSaysInItsOwnWordsWhatBinds() {
    Map<Rule, String> said = new EnumMap<>(Rule.class);
    for (Pool pool : oneForEachRule()) {
      Decision decision = pool.plan().decision();
      String clause = decision.sentence().replaceFirst(".*that asks for [0-9]+ workers?", "");
      said.put(decision.rule(), clause);
    }
    assertThat(said.keySet()).containsExactlyInAnyOrder(Rule.values());
    assertThat(said.values()).doesNotHaveDuplicates().allMatch(text -> text.endsWith("."));
    assertThat(said)
        .containsEntry(Rule.Demand, ".")
        .containsEntry(Rule.Activation, "; an empty pool starts at 5 tasks waiting (activation).")
        .containsEntry(Rule.MinReplicas, "; minReplicas is 2.")
        .containsEntry(Rule.Schedule, "; schedule always asks for 3 workers.")
        .containsEntry(Rule.Tolerance, "; the difference is within the tolerance.")
        .containsEntry(
            Rule.ScaleUpWindow,
            "; a higher demand must last 30s (scaleUp.stabilizationWindowSeconds).")
        .containsEntry(Rule.ScaleUpPolicy, "; behavior.scaleUp allows no more now.")
        .containsEntry(Rule.ScaleDownPolicy, "; behavior.scaleDown allows no less now.")
        .containsEntry(Rule.Mode, "; mode Paused keeps it from 1 worker.");
  }

  private static List<Pool> oneForEachRule() {
    var always = new Schedule("always", "0 0 * * *", "0 0 1 1 *", "Etc/UTC", 3);
    return List.of(
        new Pool().queue(1, 0),
        new Pool().scaling(s -> s.withActivation(5)).queue(1, 0),
        new Pool().bounds(2, 4).queue(0, 0),
        new Pool().bounds(0, 2).queue(9, 0),
        new Pool().scaling(s -> s.withSchedules(List.of(always))).queue(0, 0),
        new Pool().scaling(s -> s.withBehavior(up(0, SelectPolicy.Max, "0.5"))).idle(4).queue(5, 0),
        new Pool().scaling(s -> s.withBehavior(up(30, SelectPolicy.Max, "0"))).idle(1).queue(2, 0),
        new Pool().scaling(s -> s.withBehavior(up(0, SelectPolicy.Disabled, "0"))).queue(2, 0),
        new Pool().idle(2).queue(0, 0),
        new Pool().scaling(s -> s.withBehavior(down(SelectPolicy.Disabled))).idle(2).queue(0, 0),
        new Pool().idle(2).unknown(),
        new Pool()
            .scaling(s -> s.withFallback(new Fallback("0s", FallbackAction.Floor, null)))
            .unknown(),
        new Pool().spec(spec -> spec.withReplicas(3)).queue(0, 0),
        new Pool().scaling(s -> s.withMode(ScalingMode.Paused)).queue(1, 0));
  }

  private static Behavior up(int window, SelectPolicy select, String tolerance) {
    var rules = new ScalingRules(window, select, List.of(), TextNode.valueOf(tolerance));
    return new Behavior(rules, ScalingRules.window(60));
  }

  private static Behavior down(SelectPolicy select) {
    return new Behavior(ScalingRules.window(0), new ScalingRules(0, select, List.of(), null));
  }

  private static String sentence(Pool pool) {
    return pool.plan().decision().sentence();
  }
}
