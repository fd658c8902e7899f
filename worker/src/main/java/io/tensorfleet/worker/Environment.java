package io.tensorfleet.worker;

import io.tensorfleet.worker.core.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads settings from an environment and keeps all mistakes found; an empty variable counts as
 * absent.
 */
final class Environment {
  private static final int MAX_SHOWN = 120;

  /** A private key, or a name and a password before a host. */
  private static final Pattern SECRET = Pattern.compile("PRIVATE KEY|[^/@\\s:]*:[^/@\\s]+@");

  private final Map<String, String> variables;
  private final List<String> mistakes = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /**
   * Reads the first of these variables that is set; a value that its kind does not accept is a
   * mistake.
   */
  <T> Optional<T> read(Kind<T> kind, List<String> names) {
    for (String name : names) {
      String text = variables.getOrDefault(name, "").strip();
      if (!text.isEmpty()) {
        return read(kind, name, text);
      }
    }
    return Optional.empty();
  }

  private <T> Optional<T> read(Kind<T> kind, String name, String text) {
    Optional<T> value = kind.parse().apply(text);
    if (value.isEmpty()) {
      mistake(
          "%s: \"%s\" is not accepted; accepted: %s".formatted(name, shown(text), kind.accepted()));
    }
    return value;
  }

  /** Notes a mistake that no single value shows. */
  void mistake(String sentence) {
    mistakes.add(sentence);
  }

  /** On one line, not endless, and without what looks like a secret. */
  private static String shown(String text) {
    if (SECRET.matcher(text).find()) {
      return "(a value that looks like a secret is not shown)";
    }
    String cut = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    return Printable.line(cut);
  }
}
