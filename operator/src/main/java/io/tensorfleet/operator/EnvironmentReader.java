package io.tensorfleet.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads settings from an environment and collects its mistakes. An empty value means absent. */
final class EnvironmentReader {
  private final Map<String, String> environment;
  private final List<String> mistakes = new ArrayList<>();

  EnvironmentReader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  <T> Optional<T> read(Kind<T> kind, String name) {
    String text = environment.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> value = kind.parse().apply(text);
    if (value.isEmpty()) {
      mistake(name + "=\"" + printable(text) + "\": accepted is " + kind.accepted() + ".");
    }
    return value;
  }

  /** Notes a mistake that no single value shows. */
  void mistake(String sentence) {
    mistakes.add(sentence);
  }

  /** Throws when there was any mistake. */
  void finish() {
    if (!mistakes.isEmpty()) {
      throw new EnvironmentMistakes(mistakes);
    }
  }

  private static String printable(String value) {
    String clean = value.replaceAll("\\p{C}", "?");
    return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
  }
}
