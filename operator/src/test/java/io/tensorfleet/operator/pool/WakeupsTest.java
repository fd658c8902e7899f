package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WakeupsTest {
  private final Wakeups<String> wakeups = new Wakeups<>(200);

  @Test
  void theFirstWakesAtOnceAndAThousandMoreWakeOnceTogether() {
    assertThat(wakeups.asked("a", 1_000)).hasValue(0L);
    assertThat(wakeups.asked("a", 1_050)).hasValue(150L);
    for (int n = 0; n < 1_000; n++) {
      assertThat(wakeups.asked("a", 1_060)).isEmpty();
    }

    wakeups.woken("a", 1_200);

    assertThat(wakeups.asked("a", 1_201)).hasValue(199L);
  }

  @Test
  void afterAQuietTimeTheNextWakesAtOnceAgain() {
    assertThat(wakeups.asked("a", 0)).hasValue(0L);
    assertThat(wakeups.asked("a", 200)).hasValue(0L);
  }

  @Test
  void onePoolDoesNotHoldUpAnother() {
    assertThat(wakeups.asked("a", 0)).hasValue(0L);
    assertThat(wakeups.asked("b", 1)).hasValue(0L);
  }

  @Test
  void whoIsNotHeardOfAnyMoreIsNotKept() {
    for (int n = 0; n < 1_000; n++) {
      assertThat(wakeups.asked("gone-" + n, n)).hasValue(0L);
    }
    assertThat(wakeups.asked("late", 1_199)).hasValue(0L);
    assertThat(wakeups.asked("late", 1_200)).hasValue(199L);

    assertThat(wakeups.asked("another", 1_400)).hasValue(0L);

    assertThat(wakeups.size()).as("another, and late, which is to be woken").isEqualTo(2);
  }

  @Test
  void aPoolThatIsForgottenStartsAnew() {
    assertThat(wakeups.asked("a", 0)).hasValue(0L);
    wakeups.forget("a");
    assertThat(wakeups.asked("a", 1)).hasValue(0L);
  }
}
