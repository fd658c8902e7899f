package io.tensorfleet.worker.core;

/** What one epoch reached. */
public record EpochMetrics(double loss, double accuracy, double validationLoss) {
  public static final EpochMetrics NONE = new EpochMetrics(0, 0, 0);
}
