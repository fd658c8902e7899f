package io.tensorfleet.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.local.node.ProbeRule.Question;
import io.tensorfleet.local.node.ProbeRule.Tally;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProbeRuleTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final ProbeRule RULE =
      new ProbeRule(
          new Question.Tcp("127.0.0.1", 1),
          Duration.ZERO,
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          3,
          1);

  private static Instant at(int millis) {
    return T0.plusMillis(millis);
  }

  @Test
  void oneGoodAnswerHolds() {
    assertThat(Tally.begin(RULE, T0).after(RULE, true, T0).holds()).isTrue();
  }

  @Test
  void itFailsAfterAsManyBadAnswersAsTheRuleSaysAndNotBefore() {
    Tally tally = Tally.begin(RULE, T0).after(RULE, true, T0);
    tally = tally.after(RULE, false, at(2000)).after(RULE, false, at(4000));
    assertThat(tally.holds()).isTrue();
    assertThat(tally.failed()).isFalse();

    tally = tally.after(RULE, false, at(6000));
    assertThat(tally.holds()).isFalse();
    assertThat(tally.failed()).isTrue();
  }

  @Test
  void eagerQuestionsBeforeTheFirstGoodAnswerDoNotCountAsFailures() {
    Tally tally = Tally.begin(RULE, T0);
    for (int millis = 0; millis < 5900; millis += 200) {
      assertThat(tally.due()).isEqualTo(at(millis));
      tally = tally.after(RULE, false, at(millis));
    }
    assertThat(tally.failed()).isFalse();
    assertThat(tally.after(RULE, false, at(6000)).failed()).isTrue();
  }

  @Test
  void onceItHoldsItIsAskedOncePerPeriod() {
    assertThat(Tally.begin(RULE, T0).after(RULE, true, T0).due()).isEqualTo(at(2000));
  }
}
