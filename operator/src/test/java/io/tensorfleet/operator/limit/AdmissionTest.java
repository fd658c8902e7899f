package io.tensorfleet.operator.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  private long now = 42 * SECOND;

  @Test
  void aBurstBeginsAtOnceAndTheRestAtTheRate() {
    var admission = admission(new ApiLimits(10, 5, 1_000));
    ask(admission, "a", 1_000);

    assertThat(admission.next(now).begin()).hasSize(5);
    assertThat(admission.next(now).again()).hasValue(SECOND / 10);

    now += SECOND;
    List<String> later = admission.next(now).begin();
    assertThat(later).hasSizeBetween(3, 5);

    now += SECOND / 10;
    answer(admission, later.size() + 5);
    now += 1_000 * SECOND;
    assertThat(admission.next(now).begin()).as("no more than a burst after any time").hasSize(5);
  }

  @Test
  void aPoolOfAThousandDoesNotHoldUpTheFirstOfAnother() {
    var admission = admission(new ApiLimits(1_000_000, 1_000_000, 8));
    ask(admission, "large", 1_000);
    assertThat(admission.next(now).begin()).hasSize(8);
    ask(admission, "small", 2);
    ask(admission, "other", 1);

    answer(admission, 3);

    assertThat(admission.next(now).begin())
        .as("the line at the time: large, small, other")
        .containsExactly("large-8", "small-0", "other-0");
  }

  @Test
  void poolsTakeTurnsAsLongAsTheyWait() {
    var turns = new Turns<String, String>();
    for (String pool : List.of("a", "a", "a", "b", "b", "c")) {
      turns.add(pool, pool);
    }
    List<String> order = new ArrayList<>();
    for (Optional<String> one = turns.next(); one.isPresent(); one = turns.next()) {
      order.add(one.get());
    }

    assertThat(order).containsExactly("a", "b", "c", "a", "b", "a");
    assertThat(turns.size()).isZero();
  }

  @Test
  void goodAnswersDoubleTheWindowEachRoundUpToTheLimit() {
    var admission = admission(new ApiLimits(1_000_000, 1_000_000, 32));
    ask(admission, "a", 1_000);
    List<Integer> sizes = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      int begun = admission.next(now).begin().size();
      sizes.add(begun);
      now += 10 * MILLI;
      answer(admission, begun);
    }

    assertThat(sizes).containsExactly(8, 16, 32, 32);
  }

  @Test
  void tooManyRequestsHalveTheWindowOnceForAllThatWereSentTogether() {
    var admission = full();

    for (int n = 0; n < 20; n++) {
      admission.overloaded(Optional.empty(), now);
    }

    assertThat(admission.places()).isEqualTo(16);
  }

  @Test
  void afterACutTheWindowGrowsByOneARound() {
    var admission = full();
    admission.overloaded(Optional.empty(), now);
    answer(admission, 31);
    int after = admission.places();
    now += SECOND;

    int begun = admission.next(now).begin().size();
    answer(admission, begun);

    assertThat(begun).isEqualTo(after);
    assertThat(admission.places()).isBetween(after, after + 1);
    assertThat(after).isBetween(16, 18);
  }

  @Test
  void whatTheApiServerAsksForIsWaitedFor() {
    var admission = full();
    admission.overloaded(Optional.of(Duration.ofSeconds(3)), now);

    assertThat(admission.next(now + 3 * SECOND - 1).begin()).isEmpty();
    answer(admission, 31);
    assertThat(admission.next(now + 2 * SECOND).again()).hasValue(SECOND);
    assertThat(admission.next(now + 3 * SECOND).begin()).isNotEmpty();
  }

  @Test
  void withoutThatThePauseDoublesUntilAnAnswerComes() {
    var admission = admission(new ApiLimits(1_000_000, 1_000_000, 1));
    ask(admission, "a", 1_000);
    List<Long> pauses = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      assertThat(admission.next(now).begin()).hasSize(1);
      if (n == 3) {
        answer(admission, 1);
        admission.next(now);
      }
      admission.overloaded(Optional.empty(), now);
      long pause = admission.next(now).again().orElseThrow();
      pauses.add(pause / MILLI);
      now += pause;
    }

    assertThat(pauses).containsExactly(100L, 200L, 400L, 100L);
  }

  @Test
  void whoNamesAPauseDoesNotLengthenTheNextOne() {
    var admission = admission(new ApiLimits(1_000_000, 1_000_000, 1));
    ask(admission, "a", 1_000);
    for (int n = 0; n < 9; n++) {
      assertThat(admission.next(now).begin()).hasSize(1);
      admission.overloaded(Optional.of(Duration.ZERO), now);
    }

    assertThat(admission.next(now).begin()).hasSize(1);
    admission.overloaded(Optional.empty(), now);

    assertThat(admission.next(now).again()).hasValue(100 * MILLI);
  }

  @Test
  void answersFarSlowerThanUsualShrinkTheWindowAndUsualOnesDoNot() {
    var admission = full();
    answer(admission, 32);
    for (int n = 0; n < 2_000; n++) {
      round(admission, 20 * MILLI);
    }
    assertThat(admission.places()).isEqualTo(32);

    for (int n = 0; n < 12; n++) {
      round(admission, 2 * SECOND);
    }
    assertThat(admission.places()).as("not below the first window").isEqualTo(8);

    for (int n = 0; n < 400; n++) {
      round(admission, 20 * MILLI);
    }
    assertThat(admission.places()).as("it comes back").isGreaterThan(20);
  }

  @Test
  void aPlaceIsLostNeitherByLeavingNorByNotWriting() {
    var admission = admission(new ApiLimits(1_000_000, 1_000_000, 1));
    ask(admission, "a", 3);
    assertThat(admission.next(now).begin()).containsExactly("a-0");

    assertThat(admission.leave("a", "a-1")).isTrue();
    assertThat(admission.leave("a", "a-0")).as("it has begun").isFalse();
    admission.unused();

    assertThat(admission.next(now).begin()).containsExactly("a-2");
    assertThat(admission.waiting()).isZero();
  }

  private Admission<String, String> admission(ApiLimits limits) {
    return new Admission<>(limits, now);
  }

  /** One whose window has grown to 32, all of them under way. */
  private Admission<String, String> full() {
    var admission = admission(new ApiLimits(1_000_000, 1_000_000, 32));
    ask(admission, "a", 1_000_000 / 10);
    for (int round = 0; round < 3; round++) {
      answer(admission, admission.next(now).begin().size());
    }
    assertThat(admission.next(now).begin()).hasSize(32);
    return admission;
  }

  private void round(Admission<String, String> admission, long latency) {
    int begun = admission.next(now).begin().size();
    now += latency;
    for (int n = 0; n < begun; n++) {
      admission.answered(latency, now);
    }
  }

  private void answer(Admission<String, String> admission, int count) {
    for (int n = 0; n < count; n++) {
      admission.answered(10 * MILLI, now);
    }
  }

  private static void ask(Admission<String, String> admission, String pool, int count) {
    for (int n = 0; n < count; n++) {
      admission.wait(pool, pool + "-" + n);
    }
  }
}
