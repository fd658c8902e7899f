package io.tensorfleet.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final String TEXT =
      """
      # TYPE t_seconds histogram
      t_seconds_bucket{le="0.001"} 90
      t_seconds_bucket{le="0.01"} 98
      t_seconds_bucket{le="0.1"} 100
      t_seconds_bucket{le="+Inf"} 100
      t_seconds_count 100
      other_seconds_bucket{le="0.1"} 7
      """;

  @Test
  void aQuantileIsTheBoundOfItsBucket() {
    Histogram all = Histogram.read(TEXT, "t_seconds");

    assertThat(all.count()).isEqualTo(100);
    assertThat(all.quantile(0.5)).isEqualTo(0.001);
    assertThat(all.quantile(0.98)).isEqualTo(0.01);
    assertThat(all.quantile(0.99)).isEqualTo(0.1);
  }

  @Test
  void whatWasBeforeDoesNotCount() {
    Histogram later = Histogram.read(TEXT.replace("100", "110"), "t_seconds");

    Histogram rest = later.minus(Histogram.read(TEXT, "t_seconds"));

    assertThat(rest.count()).isEqualTo(10);
    assertThat(rest.quantile(0.5)).isEqualTo(0.1);
  }
}
