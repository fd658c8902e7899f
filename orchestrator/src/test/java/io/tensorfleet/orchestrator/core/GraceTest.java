package io.tensorfleet.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GraceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Grace STARTED = Grace.from(Duration.ofSeconds(10), 0);

  @Test
  void afterAStartWorkersHaveOneLeaseToComeBack() {
    assertThat(STARTED.swept(9 * SECOND / 2).holds(9 * SECOND)).isTrue();
    assertThat(sweptEachSecond(10).holds(10 * SECOND)).isFalse();
  }

  @Test
  void anOutageIsNotTakenForTheWorkersDeath() {
    var back = sweptEachSecond(20).swept(50 * SECOND);

    assertThat(back.holds(59 * SECOND)).isTrue();
    assertThat(back.holds(60 * SECOND)).isFalse();
  }

  @Test
  void aSweepThatIsLateIsNoOutage() {
    assertThat(sweptEachSecond(20).swept(24 * SECOND).holds(24 * SECOND)).isFalse();
  }

  private static Grace sweptEachSecond(int seconds) {
    var grace = STARTED;
    for (int i = 1; i <= seconds; i++) {
      grace = grace.swept(i * SECOND);
    }
    return grace;
  }
}
