package io.tensorfleet.worker;

import java.util.List;
import java.util.Optional;

/**
 * One setting of the worker: how it is read and what people are told of it.
 *
 * @param names of its variable; the first that is set counts, those after the first are aliases
 * @param meaning a sentence, without its full stop
 * @param absent what holds where it is not set, in words
 */
record Setting<T>(Group group, List<String> names, String meaning, String absent, Kind<T> kind) {
  Setting {
    names = List.copyOf(names);
  }

  /** Headings under which settings are explained. */
  enum Group {
    IDENTITY("Identity"),
    NETWORK("Network"),
    TLS("TLS"),
    WORK("Work"),
    SIMULATION("Simulation"),
    MACHINE("What the machine offers"),
    TELEMETRY("Log, metrics, profiles");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** A setting without aliases. */
  static <T> Setting<T> of(Group group, String name, String meaning, String absent, Kind<T> kind) {
    return new Setting<>(group, List.of(name), meaning, absent, kind);
  }

  Setting<T> alias(String name) {
    return new Setting<>(group, List.of(names.getFirst(), name), meaning, absent, kind);
  }

  String name() {
    return names.getFirst();
  }

  List<String> aliases() {
    return names.subList(1, names.size());
  }

  /** The value set; empty where none is, or a wrong one, which the environment then notes. */
  Optional<T> in(Environment environment) {
    return environment.read(kind, names);
  }
}
