package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "300ms, PT0.3S",
    "1m30s, PT1M30S",
    "2h, PT2H",
    "1.5h, PT1H30M",
    "0, PT0S",
    "0s, PT0S",
    "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
    "10µs, PT0.00001S",
    "100000h, PT100000H",
  })
  void durationsAreReadAsGoReadsThem(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "30", "-5m", "5 m", "1h 30m", "PT30S", "s", "1.s", ".5s", "1d", "9999999999h"})
  void whatIsNoDurationIsRefused(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.25S, 250ms",
    "PT59S, 59s",
    "PT90S, 1m30s",
    "PT1H, 1h",
    "PT2H15M30S, 2h15m30s",
  })
  void durationsAreWrittenForPeople(Duration duration, String text) {
    assertThat(GoDuration.format(duration)).isEqualTo(text);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (int seconds = 1; seconds < 100_000; seconds += 777) {
      Duration duration = Duration.ofSeconds(seconds);
      assertThat(GoDuration.parse(GoDuration.format(duration))).contains(duration);
    }
  }
}
