package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.operator.policy.Decision.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of the decision each mode lets through. */
class ModeTest {

  @ParameterizedTest
  @CsvSource({
    // mode, waiting, size decided, Pods after
    "Auto, 6, 6, 6",
    "Auto, 1, 1, 1",
    "Paused, 6, 3, 3",
    "Paused, 1, 3, 3",
    "PausedIn, 6, 6, 6",
    "PausedIn, 1, 3, 3",
    "PausedOut, 6, 3, 3",
    "PausedOut, 1, 1, 1",
    "DryRun, 6, 6, 3",
    "DryRun, 1, 1, 3",
  })
  void aModeKeepsTheSizeFromOneDirectionOrFromBoth(
      ScalingMode mode, int waiting, int decided, int after) {
    Pool pool = atOnce(mode).queue(waiting, 0).idle(3);
    ScalePlan plan = pool.step();
    assertThat(plan.desiredReplicas()).isEqualTo(decided);
    assertThat(pool.size()).isEqualTo(after);
    assertThat(plan.notes().paused().isPresent()).isEqualTo(mode != ScalingMode.Auto);
  }

  @Test
  void theDecisionNamesTheModeThatKeptTheSize() {
    Decision decision = atOnce(ScalingMode.Paused).queue(6, 0).idle(3).plan().decision();
    assertThat(decision.rule()).isEqualTo(Rule.Mode);
    assertThat(decision.sentence()).endsWith("mode Paused keeps it from 6 workers.");
  }

  @Test
  void aDryRunRemembersNothingAsDone() {
    Pool pool = atOnce(ScalingMode.DryRun).queue(6, 0).idle(3);
    ScalePlan plan = pool.step();
    assertThat(plan.decision().sentence())
        .startsWith("Dry run, nothing is done: grows from 3 to 6");
    assertThat(pool.step().decision()).isEqualTo(plan.decision());
    assertThat(pool.scaling(s -> s.withMode(ScalingMode.Auto)).step().creates()).isEqualTo(3);
  }

  @Test
  void nothingIsReplacedWhilePaused() {
    Pool pool =
        atOnce(ScalingMode.Paused)
            .queue(3, 0)
            .idle(1)
            .pod(Pods.finished("f").build())
            .pod(Pods.ready("o", 0).revision("r0").build());
    assertThat(pool.plan().empty()).isTrue();
  }

  @Test
  void afterPausedInTheSizeShrinks() {
    Pool pool = atOnce(ScalingMode.PausedIn).queue(1, 0).idle(3);
    pool.step();
    pool.scaling(s -> s.withMode(ScalingMode.Auto));
    assertThat(pool.later(1).step().retirements()).hasSize(2);
  }

  private static Pool atOnce(ScalingMode mode) {
    Behavior behavior = new Behavior(ScalingRules.window(0), ScalingRules.window(0));
    return new Pool().scaling(s -> s.withBehavior(behavior).withMode(mode));
  }
}
