package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.worker.core.DrainState.Facts;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionsTest {

  @Test
  void drainWaitsForRunsAndForTheirVerdicts() {
    assertThat(DrainState.DRAINING.next(new Facts(1, 0, false, false)))
        .isEqualTo(DrainState.DRAINING);
    assertThat(DrainState.DRAINING.next(new Facts(0, 1, false, false)))
        .isEqualTo(DrainState.DRAINING);
    assertThat(DrainState.DRAINING.next(new Facts(0, 0, false, false)))
        .isEqualTo(DrainState.LEAVING);
  }

  @Test
  void pastTheDrainTimeLeasesAreHandedBackAndTheWaitForVerdictsIsBrief() {
    assertThat(DrainState.DRAINING.next(new Facts(1, 0, true, false)))
        .isEqualTo(DrainState.HANDING_BACK);
    assertThat(DrainState.HANDING_BACK.next(new Facts(1, 1, true, false)))
        .isEqualTo(DrainState.HANDING_BACK);
    assertThat(DrainState.HANDING_BACK.next(new Facts(1, 1, true, true)))
        .isEqualTo(DrainState.LEAVING);
  }

  @Test
  void aWorkerAtWorkDoesNotLeaveByItself() {
    assertThat(DrainState.RUNNING.next(new Facts(0, 0, true, true))).isEqualTo(DrainState.RUNNING);
  }

  @Test
  void backOffGrowsFromATenthOfASecondToFiveSeconds() {
    assertThat(Backoff.delay(1, 0)).isEqualTo(Duration.ofMillis(100));
    for (int failures = 1; failures < 100; failures++) {
      assertThat(Backoff.delay(failures, 0))
          .isBetween(Duration.ofMillis(100), Duration.ofMillis(5000));
      assertThat(Backoff.delay(failures, 0.999))
          .isBetween(Duration.ofMillis(100), Duration.ofMillis(5000));
    }
    assertThat(Backoff.delay(50, 0.999)).isGreaterThan(Duration.ofMillis(4900));
  }

  @Test
  void theWorkersOwnHeartbeatHoldsOnlyBelowAThirdOfTheLease() {
    Duration lease = Duration.ofSeconds(10);
    Duration theirs = Duration.ofSeconds(2);
    assertThat(HeartbeatRule.choose(Optional.empty(), lease, theirs).interval()).isEqualTo(theirs);
    assertThat(HeartbeatRule.choose(Optional.of(Duration.ofSeconds(3)), lease, theirs).interval())
        .isEqualTo(Duration.ofSeconds(3));
    HeartbeatRule.Choice tooLong =
        HeartbeatRule.choose(Optional.of(Duration.ofSeconds(30)), lease, theirs);
    assertThat(tooLong.interval()).isEqualTo(theirs);
    assertThat(tooLong.warning().orElse("")).contains("HEARTBEAT_INTERVAL", "30s", "10s", "2s");
  }

  @Test
  void aTaskTimeoutThatAPersonSetIsACeiling() {
    Duration minute = Duration.ofMinutes(1);
    Duration hour = Duration.ofHours(1);
    assertThat(new TaskTimeout(minute, true).effective(Optional.of(hour))).isEqualTo(minute);
    assertThat(new TaskTimeout(minute, false).effective(Optional.of(hour))).isEqualTo(hour);
    assertThat(new TaskTimeout(hour, true).effective(Optional.of(minute))).isEqualTo(minute);
    assertThat(new TaskTimeout(minute, false).effective(Optional.empty())).isEqualTo(minute);
  }

  @Test
  void readyMeansASessionThatIsThereOrWasJustNow() {
    assertThat(Readiness.isReady(DrainState.RUNNING, Optional.empty())).isFalse();
    assertThat(Readiness.isReady(DrainState.RUNNING, Optional.of(Duration.ZERO))).isTrue();
    assertThat(Readiness.isReady(DrainState.RUNNING, Optional.of(Duration.ofSeconds(14)))).isTrue();
    assertThat(Readiness.isReady(DrainState.RUNNING, Optional.of(Duration.ofSeconds(16))))
        .isFalse();
    assertThat(Readiness.isReady(DrainState.DRAINING, Optional.of(Duration.ZERO))).isFalse();
  }
}
