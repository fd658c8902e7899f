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
    "9223372036854775807ns,9223372036854775807",
    "9223372036854775.807us,9223372036854775807",
    "9223372036s854ms775us807ns,9223372036854775807",
    "2562047h47m16.854775807s,9223372036854775807",
    "1.9ns,1",
    "0.9999999999999999999ns,1",
    "0.3333333333333333333h,1200000000000",
    "9007199254740993ns,9007199254740993",
    "0.100000000000000000000h,360000000000",
    "0.830103483285477580700h,2988372539827",
    "39h9m14.425s,140954425000000",
    "1.00000000000000000000000000000000000000000000000000000000000001s,1000000000",
    "1s1s,2000000000",
    "1.5h1.5m1.5s1.5ms1.5us1.5ns,5491501501501",
    "0.00000000000000000000000000001h,0",
    "1h0.0000000001h,3600000000360",
    "0.5555555555555555555555555m,33333333333",
    "922337203685477580.7ns,922337203685477580",
    "0.9223372036854775808s,922337203",
    "1.0000000005us,1000",
    "08s,8000000000"
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
        "1,5s",
        "+0",
        "-0",
        "3000000000000h",
        "9223372036854775.808us",
        "9223372036854ms775us808ns",
        "2562047h47m16.854775808s",
        "12345678901234567890ns",
        "1m 2s",
        "1h30",
        "3.3.3s",
        "1ｓ",
        "１s",
        "1_000s",
        ".",
        "0x10s",
        "  1s",
        "1s\n",
        "1w"
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
    "-1500000000,-1.5s",
    "999,999ns",
    "1000,1µs",
    "1001,1.001µs",
    "999999,999.999µs",
    "1000001,1.000001ms",
    "999999999,999.999999ms",
    "1000000001,1.000000001s",
    "59999999999,59.999999999s",
    "3599999999999,59m59.999999999s",
    "3600000000001,1h0m0.000000001s",
    "86400000000000,24h0m0s",
    "262923004005006,73h2m3.004005006s",
    "9223372036854775807,2562047h47m16.854775807s",
    "-9223372036854775807,-2562047h47m16.854775807s",
    "-8130000000000,-2h15m30s"
  })
  void durationsAreWrittenAsGoWritesThem(long nanos, String text) {
    assertThat(GoDuration.format(Duration.ofNanos(nanos))).isEqualTo(text);
  }
}
