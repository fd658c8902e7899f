package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileLengthTest {

  @Test
  void withoutSecondsItIsThirty() {
    assertThat(ProfileLength.of(Optional.empty())).isEqualTo(accepted(30));
    assertThat(ProfileLength.of(Optional.of("debug=1"))).isEqualTo(accepted(30));
  }

  @Test
  void secondsFromOneTo300AreTakenWhereverTheyStand() {
    assertThat(ProfileLength.of(Optional.of("seconds=1"))).isEqualTo(accepted(1));
    assertThat(ProfileLength.of(Optional.of("debug=1&seconds=300&x=y"))).isEqualTo(accepted(300));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "301",
        "-5",
        "+5",
        "1.5",
        "5s",
        "99999999999999999999",
        "٣",
        "%35",
        "5\n"
      })
  void anythingElseIsRefusedWithValueAndRange(String value) {
    assertThat(ProfileLength.of(Optional.of("seconds=" + value)))
        .isInstanceOfSatisfying(
            ProfileLength.Refused.class,
            refused ->
                assertThat(refused.sentence())
                    .startsWith("seconds: \"" + value.strip())
                    .endsWith("a whole number from 1 to 300"));
  }

  @Test
  void whatIsRefusedIsShownShort() {
    assertThat(ProfileLength.of(Optional.of("seconds=" + "9".repeat(10_000))))
        .isInstanceOfSatisfying(
            ProfileLength.Refused.class,
            refused -> assertThat(refused.sentence()).hasSizeLessThan(150));
  }

  private static ProfileLength.Answer accepted(int seconds) {
    return new ProfileLength.Accepted(Duration.ofSeconds(seconds));
  }
}
