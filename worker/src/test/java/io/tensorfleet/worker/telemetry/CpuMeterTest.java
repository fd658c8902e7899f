package io.tensorfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuMeterTest {
  private static final long SECOND = 1_000_000_000L;
  private long used = 7 * SECOND;
  private long now = -3 * SECOND;
  private final CpuMeter meter = new CpuMeter(() -> used, () -> now);

  private double after(long usedMore, long passed) {
    used += usedMore;
    now += passed;
    return meter.percent();
  }

  @Test
  void whatWasUsedBeforeItWasMadeDoesNotCount() {
    assertThat(after(0, SECOND)).isZero();
  }

  @Test
  void twoBusyCoresAreTwoHundredPercent() {
    assertThat(after(4 * SECOND, 2 * SECOND)).isEqualTo(200);
  }

  @Test
  void eachReadingCountsFromTheOneBefore() {
    assertThat(after(SECOND, SECOND)).isEqualTo(100);
    assertThat(after(SECOND / 4, SECOND)).isEqualTo(25);
    assertThat(after(0, SECOND)).isZero();
  }

  @Test
  void whereNoTimeHasPassedOrATimeIsNotToldItIsZero() {
    assertThat(after(SECOND, 0)).isZero();
    assertThat(after(-SECOND, SECOND)).as("the system does not tell: -1").isZero();
  }
}
