package io.tensorfleet.worker.core;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The model types that can be trained. */
public enum ModelType {
  NEURAL_NETWORK("neural_network"),
  XGBOOST("xgboost"),
  RANDOM_FOREST("random_forest");

  private final String wireName;

  ModelType(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  public static Optional<ModelType> of(String wireName) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
  }

  /** All wire names, for a sentence. */
  public static String names() {
    return Arrays.stream(values()).map(ModelType::wireName).collect(Collectors.joining(", "));
  }
}
