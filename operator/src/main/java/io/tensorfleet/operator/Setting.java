package io.tensorfleet.operator;

import java.util.Optional;

/**
 * One setting of the operator: how it is read and what people are told of it.
 *
 * @param meaning a sentence, without its full stop
 * @param absent what holds where it is not set, in words
 */
record Setting<T>(Group group, String name, String meaning, String absent, Kind<T> kind) {
  /** Headings under which settings are explained. */
  enum Group {
    POOLS("Pools and their workers"),
    SEVERAL("Several operators"),
    API("The API server"),
    TLS("TLS towards orchestrators"),
    TELEMETRY("Log, metrics, health");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** The value set; empty where none is, or a wrong one, which the environment then notes. */
  Optional<T> in(EnvironmentReader environment) {
    return environment.read(kind, name);
  }

  T in(EnvironmentReader environment, T usual) {
    return in(environment).orElse(usual);
  }
}
