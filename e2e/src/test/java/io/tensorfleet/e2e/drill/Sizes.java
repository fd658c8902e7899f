package io.tensorfleet.e2e.drill;

import java.util.Map;
import java.util.Optional;

/** How large a drill is: each size has a name, a default, and a variable that overrides it. */
public record Sizes(Map<String, String> variables) {
  public Sizes {
    variables = Map.copyOf(variables);
  }

  /**
   * The size of this name.
   *
   * @throws IllegalArgumentException with a sentence, unless it is a whole number from 0
   */
  public int get(String name, int otherwise) {
    String text = Optional.ofNullable(variables.get(name)).orElse("").strip();
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + ": \"" + text + "\" is not accepted; accepted: a whole number from 0", e);
    }
  }
}
