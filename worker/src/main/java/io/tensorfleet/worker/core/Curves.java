package io.tensorfleet.worker.core;

/**
 * Simulated learning curves, by the table of the worker's contract.
 *
 * <p>Accuracy is computed from the loss after its bound. Validation loss is {@code loss · (1.05 +
 * 0.10 · (1 − exp(−0.1e)))}: a gap of 5 % of the training loss that grows to 15 %. Exponentials are
 * strict, so that a run gives the same bits on every machine.
 */
public final class Curves {
  private Curves() {}

  /** Two uniform numbers in [0,1): {@code u} for the loss, {@code uPrime} for the accuracy. */
  public record Draw(double u, double uPrime) {}

  /** The metrics of epoch {@code e}, counted from 0. */
  public static EpochMetrics at(ModelType type, Curve curve, int e, Draw draw) {
    double loss = loss(type, curve, e, draw.u());
    return new EpochMetrics(
        loss, accuracy(type, curve, e, loss, draw.uPrime()), validationLoss(e, loss));
  }

  private static double loss(ModelType type, Curve curve, int e, double u) {
    return switch (curve) {
      case LOOP ->
          Math.max(
              0.01,
              switch (type) {
                case NEURAL_NETWORK -> 3.0 * StrictMath.exp(-0.1 * e) + 0.1 * u;
                case XGBOOST -> 2.0 * StrictMath.exp(-0.3 * e) + 0.05 * u;
                case RANDOM_FOREST -> 1.5 * StrictMath.exp(-0.2 * e) + 0.03 * u;
              });
      case CLASSIC ->
          switch (type) {
            case NEURAL_NETWORK -> 2.5 * StrictMath.exp(-0.1 * e) + 0.1 * u;
            case XGBOOST -> 1.0 * StrictMath.exp(-0.2 * e) + 0.05 * u;
            case RANDOM_FOREST -> 0.8 * StrictMath.exp(-0.15 * e) + 0.03 * u;
          };
    };
  }

  private static double accuracy(ModelType type, Curve curve, int e, double loss, double uPrime) {
    return switch (curve) {
      case LOOP ->
          Math.clamp(
              switch (type) {
                case NEURAL_NETWORK -> 0.9 * (1 - StrictMath.exp(-0.2 * e));
                case XGBOOST -> 1 - loss / 2.5 + 0.02 * uPrime;
                case RANDOM_FOREST -> 0.95 - loss / 2;
              },
              0.1,
              0.99);
      case CLASSIC ->
          Math.clamp(
              switch (type) {
                case NEURAL_NETWORK -> 1 - loss / 2.5;
                case XGBOOST -> 1 - loss / 1.5;
                case RANDOM_FOREST -> 0.95 - loss / 2;
              },
              0.0,
              1.0);
    };
  }

  private static double validationLoss(int e, double loss) {
    return loss * (1.05 + 0.10 * (1 - StrictMath.exp(-0.1 * e)));
  }
}
