package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
}
