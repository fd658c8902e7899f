package io.tensorfleet.worker;

import io.tensorfleet.worker.core.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads settings from an environment and keeps all mistakes found; an empty variable counts as
 * absent.
 */
final class Environment {
  private final Map<String, String> variables;
  private final List<String> mistakes = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /** The variable under its first name that is set. */
  Optional<Named> find(String... names) {
    for (String name : names) {
      String value = variables.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(new Named(name, value));
      }
    }
    return Optional.empty();
  }

  record Named(String name, String value) {}

  /** Reads one value; what {@code parse} leaves empty is a mistake that says what is accepted. */
  <T> Optional<T> read(Function<String, Optional<T>> parse, String accepted, String... names) {
    Optional<Named> found = find(names);
    Optional<T> value = found.flatMap(named -> parse.apply(named.value()));
    if (found.isPresent() && value.isEmpty()) {
      mistake(found.get(), accepted);
    }
    return value;
  }

  void mistake(Named named, String accepted) {
    mistakes.add(
        "%s: \"%s\" is not accepted; accepted: %s"
            .formatted(named.name(), named.value(), accepted));
  }

  Optional<String> matching(Pattern pattern, String accepted, String... names) {
    return read(
        text -> Optional.of(text).filter(t -> pattern.matcher(t).matches()), accepted, names);
  }

  int integer(int min, int max, int absent, String... names) {
    return optionalInteger(min, max, names).orElse(absent);
  }

  Optional<Integer> optionalInteger(int min, int max, String... names) {
    return read(
        text -> parseInt(text).filter(n -> n >= min && n <= max),
        "a whole number from %d to %d".formatted(min, max),
        names);
  }

  Optional<Double> decimal(double min, double max, String name) {
    return read(
        text -> parseDouble(text).filter(n -> n >= min && n <= max),
        "a number from %s to %s".formatted(min, max),
        name);
  }

  Optional<Duration> duration(String name) {
    return read(
        text -> GoDuration.parse(text).filter(Duration::isPositive),
        "a Go duration above 0, such as 300ms, 30s or 1m30s",
        name);
  }

  <E extends Enum<E>> E choice(Class<E> type, E absent, String name) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return read(
            text -> Optional.ofNullable(choices.get(text.toLowerCase(Locale.ROOT))),
            "one of " + String.join(", ", choices.keySet()),
            name)
        .orElse(absent);
  }

  private static Optional<Integer> parseInt(String text) {
    try {
      return Optional.of(Integer.parseInt(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Double> parseDouble(String text) {
    try {
      return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
