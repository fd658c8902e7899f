package io.tensorfleet.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads settings from an environment and collects its mistakes. An empty value means absent. */
final class EnvironmentReader {
  private final Map<String, String> environment;
  private final List<String> mistakes = new ArrayList<>();

  EnvironmentReader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  String matching(String name, String usual, String pattern, String accepted) {
    return checked(name, pattern, accepted).orElse(usual);
  }

  Optional<String> optional(String name, String pattern, String accepted) {
    return checked(name, pattern, accepted);
  }

  String oneOf(String name, String usual, List<String> accepted) {
    String pattern = String.join("|", accepted.stream().map(Pattern::quote).toList());
    return checked(name, pattern, "one of " + String.join(", ", accepted)).orElse(usual);
  }

  List<String> list(String name, String pattern, String accepted) {
    return checked(name, pattern + "(\\s*,\\s*" + pattern + ")*", accepted)
        .map(value -> List.of(value.split("\\s*,\\s*", -1)))
        .orElse(List.of());
  }

  int number(String name, int usual, int least, int most) {
    String accepted = "a whole number from " + least + " to " + most;
    Optional<String> value = checked(name, "[0-9]{1,9}", accepted);
    int number = value.map(Integer::parseInt).orElse(usual);
    if (number < least || number > most) {
      mistakes.add(mistake(name, value.orElse(""), accepted));
      return usual;
    }
    return number;
  }

  /** Throws when there was any mistake. */
  void finish() {
    if (!mistakes.isEmpty()) {
      throw new EnvironmentMistakes(mistakes);
    }
  }

  private Optional<String> checked(String name, String pattern, String accepted) {
    String value = environment.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!Pattern.matches(pattern, value)) {
      mistakes.add(mistake(name, value, accepted));
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private static String mistake(String name, String value, String accepted) {
    return name + "=\"" + printable(value) + "\": accepted is " + accepted + ".";
  }

  private static String printable(String value) {
    String clean = value.replaceAll("\\p{C}", "?");
    return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
  }
}
