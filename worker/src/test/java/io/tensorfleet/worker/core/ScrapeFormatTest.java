package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeFormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|TEXT",
        "*/*|TEXT",
        "text/html|TEXT",
        "application/openmetrics-text|OPEN_METRICS",
        "application/openmetrics-text; version=1.0.0; charset=utf-8|OPEN_METRICS",
        "Application/OpenMetrics-Text;version=\"1.0.0\"|OPEN_METRICS",
        "application/openmetrics-text;version=0.0.1,text/plain;q=0.1|TEXT",
        "application/openmetrics-text;q=0.4,text/plain;q=0.5|TEXT",
        "text/plain;q=0.4,application/openmetrics-text;q=0.5|OPEN_METRICS",
        "text/plain,application/openmetrics-text|TEXT",
        "application/openmetrics-text;q=0|TEXT",
        "application/openmetrics-text;q=NaN,*/*|TEXT",
        "application/*|OPEN_METRICS",
        ",;,;q=,=;|TEXT"
      })
  void theFormatOfTheGreatestWeightIsTaken(String accept, ScrapeFormat format) {
    assertThat(ScrapeFormat.of(accept)).isEqualTo(format);
  }

  @Test
  void prometheusGetsOpenMetrics() {
    assertThat(
            ScrapeFormat.of(
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                    + "application/openmetrics-text;version=0.0.1;q=0.5,"
                    + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"))
        .isEqualTo(ScrapeFormat.OPEN_METRICS);
  }

  @Test
  void aVeryLongHeaderIsCutShort() {
    assertThat(ScrapeFormat.of("text/html,".repeat(10_000))).isEqualTo(ScrapeFormat.TEXT);
  }
}
