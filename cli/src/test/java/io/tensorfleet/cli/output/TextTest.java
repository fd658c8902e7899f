package io.tensorfleet.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
  @ParameterizedTest
  @CsvSource({
    "PT-5S, 0s",
    "PT0.9S, 0s",
    "PT119S, 119s",
    "PT2M, 2m",
    "PT3M12S, 3m12s",
    "PT2H5M9S, 2h5m",
    "PT76H, 3d4h"
  })
  void anAgeReadsAsKubectlWritesIt(Duration age, String text) {
    assertThat(Text.age(age)).isEqualTo(text);
  }

  @Test
  void aStateIsShownWithoutTheNameOfItsType() {
    assertThat(Text.state(JobState.JOB_STATE_RUNNING, "JOB_STATE_")).isEqualTo("RUNNING");
    assertThat(Text.state(JobState.UNRECOGNIZED, "JOB_STATE_")).isEqualTo("UNRECOGNIZED");
  }
}
