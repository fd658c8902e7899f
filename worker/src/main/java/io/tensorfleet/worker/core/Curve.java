package io.tensorfleet.worker.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which of the two families of simulated learning curves a run follows. */
public enum Curve {
  LOOP,
  CLASSIC;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Curve> of(String wireName) {
    return Arrays.stream(values()).filter(curve -> curve.wireName().equals(wireName)).findFirst();
  }
}
