package io.tensorfleet.orchestrator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads variables of an environment and notes every mistake, one line each. */
final class EnvironmentReader {
  private final Map<String, String> environment;
  private final List<String> mistakes = new ArrayList<>();

  EnvironmentReader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** What a variable may hold: how it is read, what holds of it, and how that is told. */
  record Kind<T>(Function<String, T> parser, Predicate<T> accepts, String accepted) {}

  /** The variable's value; the default where it is absent, empty or wrong. */
  <T> T read(String name, T otherwise, Kind<T> kind) {
    String text = environment.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      T value = kind.parser().apply(text);
      if (kind.accepts().test(value)) {
        return value;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      // told below, with the value and what is accepted
    }
    mistakes.add(name + "='" + text + "': accepted is " + kind.accepted());
    return otherwise;
  }

  void expect(boolean holds, String mistake) {
    if (!holds) {
      mistakes.add(mistake);
    }
  }

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }
}
