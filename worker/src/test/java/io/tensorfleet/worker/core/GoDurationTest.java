package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1ns,1",
    "2us,2000",
    "2µs,2000",
    "2μs,2000",
    "300ms,300000000",
    "1.5s,1500000000",
    "1m30s,90000000000",
    "2h,7200000000000",
    "1h2m3s4ms5us6ns,3723004005006",
    ".5s,500000000",
    "1.s,1000000000",
    "0.0000000001s,0",
    "9223372036854775807ns,9223372036854775807"
  })
  void goDurationsAreRead(String text, long nanos) {
    assertThat(GoDuration.parse(text)).contains(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "s",
        ".s",
        "-1s",
        "+1s",
        "1 s",
        "1s ",
        "1d",
        "1S",
        "1h-2m",
        "1e3s",
        "9223372036854775808ns",
        "2562048h",
        "99999999999999999999999999999h",
        "1sx",
        "x1s",
        "1,5s"
      })
  void everythingElseIsRefused(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "1,1ns",
    "1500,1.5µs",
    "300000000,300ms",
    "1500000000,1.5s",
    "60000000000,1m0s",
    "90000000000,1m30s",
    "3600000000000,1h0m0s",
    "8130000000000,2h15m30s",
    "-1500000000,-1.5s"
  })
  void durationsAreWrittenAsGoWritesThem(long nanos, String text) {
    assertThat(GoDuration.format(Duration.ofNanos(nanos))).isEqualTo(text);
  }
}
