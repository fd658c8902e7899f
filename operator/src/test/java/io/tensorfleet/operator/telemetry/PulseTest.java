package io.tensorfleet.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tensorfleet.operator.Look;
import io.tensorfleet.operator.PoolKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A look at a pool that hangs is noticed, and one that is merely long is not. */
class PulseTest {
  private static final PoolKey POOL = new PoolKey("n", "demo");

  private final AtomicLong nanos = new AtomicLong();
  private final Pulse pulse = new Pulse(nanos::get);

  /** The loop's threads answer meanwhile. */
  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    pulse.beat();
  }

  @Test
  void aLookThatDoesNotGetOnIsTroubleUntilItEnds() {
    pulse.look(
        POOL,
        () -> {
          pass(Pulse.LONGEST_STEP.minusNanos(1));
          assertThat(pulse.trouble()).isEmpty();
          pass(Duration.ofNanos(1));
          assertThat(pulse.trouble())
              .contains("the look at pool n/demo has not got on for 15 minutes");
          return true;
        });

    assertThat(pulse.trouble()).isEmpty();
  }

  @Test
  void aLongLookWhoseStepsEndIsNoTrouble() {
    pulse.look(
        POOL,
        () -> {
          for (int step = 0; step < 100; step++) {
            pass(Pulse.LONGEST_STEP.minusSeconds(1));
            Look.current().step();
          }
          assertThat(pulse.trouble()).isEmpty();
          return true;
        });
  }

  @Test
  void aLookWhoseWriteWaitsForItsTurnIsNoTroubleHoweverLongItWaits() {
    pulse.look(
        POOL,
        () -> {
          Look.current().waits();
          pass(Duration.ofDays(1));
          assertThat(pulse.trouble()).isEmpty();

          Look.current().waited();
          pass(Pulse.LONGEST_STEP.minusNanos(1));
          assertThat(pulse.trouble()).isEmpty();
          pass(Duration.ofNanos(1));
          assertThat(pulse.trouble()).as("it hangs after its turn").isPresent();
          return true;
        });
  }

  @Test
  void whatOtherPoolsDoDoesNotHideALookThatHangs() {
    pulse.look(
        POOL,
        () -> {
          pass(Pulse.LONGEST_STEP);
          var _ = pulse.look(new PoolKey("n", "other"), () -> true);
          assertThat(pulse.trouble()).isPresent();
          return true;
        });
  }

  @Test
  void aLookThatFailsIsOver() {
    assertThatThrownBy(
            () ->
                pulse.look(
                    POOL,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .isInstanceOf(IllegalStateException.class);
    pass(Pulse.LONGEST_STEP);

    assertThat(pulse.trouble()).isEmpty();
  }
}
