package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateTest {

  @ParameterizedTest
  @CsvSource({
    // value, size, as surge (rounded up), as unavailable (rounded down)
    "25%, 1, 1, 0",
    "25%, 4, 1, 1",
    "25%, 5, 2, 1",
    "25%, 0, 0, 0",
    "100%, 7, 7, 7",
    "0%, 7, 0, 0",
  })
  void aPercentageIsRoundedUpForTheSurgeAndDownForTheUnavailable(
      String value, int size, int surge, int unavailable) {
    IntOrString percentage = new IntOrString(value);
    Update update = Update.defaults().withBounds(percentage, percentage);
    assertThat(update.surgeFor(size)).isEqualTo(surge);
    assertThat(update.unavailableFor(size)).isEqualTo(unavailable);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "-1, 0"})
  void aNumberIsTakenAsItIs(int value, int expected) {
    Update update = Update.defaults().withBounds(new IntOrString(value), new IntOrString(value));
    assertThat(update.surgeFor(10)).isEqualTo(expected);
    assertThat(update.unavailableFor(10)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"half", "%", "12345%", "-5%"})
  void whatIsNeitherCountsAsTheSmallestThatWorks(String value) {
    IntOrString nonsense = new IntOrString(value);
    Update update = Update.defaults().withBounds(nonsense, nonsense);
    assertThat(update.surgeFor(10)).isEqualTo(1);
    assertThat(update.unavailableFor(10)).isZero();
  }
}
