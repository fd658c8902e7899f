package io.tensorfleet.orchestrator;

import java.util.List;

/** The environment holds mistakes: all of them, one line each. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(List<String> mistakes) {
    super(String.join("\n", mistakes));
  }
}
