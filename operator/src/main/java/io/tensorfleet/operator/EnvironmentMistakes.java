package io.tensorfleet.operator;

import java.util.List;

/** Every mistake of an environment, one line each. */
public final class EnvironmentMistakes extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EnvironmentMistakes(List<String> lines) {
    super(String.join("\n", lines));
  }
}
