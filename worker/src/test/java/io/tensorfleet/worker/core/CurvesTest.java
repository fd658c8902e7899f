package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CurvesTest {

  @ParameterizedTest
  @CsvSource({
    // type, curve, e, loss, accuracy at u = 0.5 and u' = 0.25, worked out by hand from the
    // contract's table
    "NEURAL_NETWORK, LOOP, 0, 3.05, 0.1",
    "NEURAL_NETWORK, LOOP, 10, 1.1536383235, 0.7781982451",
    "XGBOOST, LOOP, 0, 2.025, 0.195",
    "XGBOOST, LOOP, 10, 0.1245741367, 0.9551703453",
    "RANDOM_FOREST, LOOP, 0, 1.515, 0.1925",
    "RANDOM_FOREST, LOOP, 10, 0.2180029249, 0.8409985376",
    "NEURAL_NETWORK, CLASSIC, 0, 2.55, 0.0",
    "NEURAL_NETWORK, CLASSIC, 10, 0.9696986029, 0.6121205588",
    "XGBOOST, CLASSIC, 10, 0.1603352832, 0.8931098112",
    "RANDOM_FOREST, CLASSIC, 10, 0.1935041281, 0.8532479359"
  })
  void eachCurveFollowsItsFormula(
      ModelType type, Curve curve, int e, double loss, double accuracy) {
    EpochMetrics metrics = Curves.at(type, curve, e, new Curves.Draw(0.5, 0.25));
    assertThat(metrics.loss()).isCloseTo(loss, within(1e-9));
    assertThat(metrics.accuracy()).isCloseTo(accuracy, within(1e-9));
    double gap = 1.05 + 0.10 * (1 - Math.exp(-0.1 * e));
    assertThat(metrics.validationLoss()).isCloseTo(loss * gap, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(ModelType.class)
  void theLoopCurveKeepsItsBounds(ModelType type) {
    EpochMetrics late = Curves.at(type, Curve.LOOP, 10_000, new Curves.Draw(0, 0.999));
    assertThat(late.loss()).isEqualTo(0.01);
    assertThat(late.accuracy()).isBetween(0.1, 0.99);
  }

  @ParameterizedTest
  @EnumSource(ModelType.class)
  void theClassicCurveHasNoLowerBoundOnItsLoss(ModelType type) {
    EpochMetrics late = Curves.at(type, Curve.CLASSIC, 1_000, new Curves.Draw(0, 0));
    assertThat(late.loss()).isLessThan(0.001);
    assertThat(late.accuracy()).isBetween(0.0, 1.0);
  }

  private static final double ALMOST_ONE = Math.nextDown(1.0);

  /** The contract's table once more, as it stands there: factor, decay and share of chance. */
  private record Row(double factor, double decay, double chance) {
    double loss(int e, double u) {
      return factor * Math.exp(-decay * e) + chance * u;
    }
  }

  private static Row row(ModelType type, Curve curve) {
    boolean loop = curve == Curve.LOOP;
    return switch (type) {
      case NEURAL_NETWORK -> loop ? new Row(3.0, 0.1, 0.1) : new Row(2.5, 0.1, 0.1);
      case XGBOOST -> loop ? new Row(2.0, 0.3, 0.05) : new Row(1.0, 0.2, 0.05);
      case RANDOM_FOREST -> loop ? new Row(1.5, 0.2, 0.03) : new Row(0.8, 0.15, 0.03);
    };
  }

  private static double accuracy(ModelType type, Curve curve, int e, double loss, double uPrime) {
    double free =
        switch (type) {
          case NEURAL_NETWORK ->
              curve == Curve.LOOP ? 0.9 * (1 - Math.exp(-0.2 * e)) : 1 - loss / 2.5;
          case XGBOOST -> curve == Curve.LOOP ? 1 - loss / 2.5 + 0.02 * uPrime : 1 - loss / 1.5;
          case RANDOM_FOREST -> 0.95 - loss / 2;
        };
    return curve == Curve.LOOP
        ? Math.min(0.99, Math.max(0.1, free))
        : Math.min(1, Math.max(0, free));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void everyCellOfTheTableHoldsWhateverChanceGives(double chance) {
    double u = Math.min(chance, ALMOST_ONE);
    for (ModelType type : ModelType.values()) {
      for (Curve curve : Curve.values()) {
        for (int e : new int[] {0, 1, 2, 7, 30, 200}) {
          double free = row(type, curve).loss(e, u);
          double loss = curve == Curve.LOOP ? Math.max(0.01, free) : free;
          EpochMetrics metrics = Curves.at(type, curve, e, new Curves.Draw(u, u));
          assertThat(metrics.loss()).isCloseTo(loss, within(1e-12));
          assertThat(metrics.accuracy())
              .isCloseTo(accuracy(type, curve, e, loss, u), within(1e-12));
        }
      }
    }
  }
}
