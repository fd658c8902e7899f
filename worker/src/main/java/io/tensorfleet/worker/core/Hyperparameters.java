package io.tensorfleet.worker.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the hyperparameters of one task and keeps all mistakes found on the way. */
public final class Hyperparameters {
  private static final int MAX_ENTRIES = 100;
  private static final int MAX_KEY_BYTES = 63;
  private static final int MAX_VALUE_BYTES = 4096;
  private static final int MAX_SHOWN = 80;

  private final Map<String, String> values;
  private final List<String> mistakes = new ArrayList<>();

  public Hyperparameters(Map<String, String> values) {
    this.values = new TreeMap<>(values);
    checkSizes();
  }

  private void checkSizes() {
    if (values.size() > MAX_ENTRIES) {
      mistakes.add(
          "hyperparameters: %d entries; accepted: at most %d"
              .formatted(values.size(), MAX_ENTRIES));
    }
    values.forEach(
        (key, value) -> {
          expect(!key.isEmpty() && bytes(key) <= MAX_KEY_BYTES, "key", key, "1 to 63 bytes");
          expect(bytes(value) <= MAX_VALUE_BYTES, key, value, "at most 4,096 bytes");
        });
  }

  public int integer(String name, Range range, int absent) {
    return (int) whole(name, range, absent);
  }

  /** A whole number, or {@code absent} where the task does not name it or names it wrongly. */
  public long whole(String name, Range range, long absent) {
    return text(name)
        .map(
            text -> {
              Optional<Long> number =
                  parseLong(text).filter(n -> n >= range.min() && n <= range.max());
              expect(
                  number.isPresent(),
                  name,
                  text,
                  "a whole number from " + range.min() + " to " + range.max());
              return number.orElse(absent);
            })
        .orElse(absent);
  }

  /** A finite number in [min, max], or {@code absent}. */
  public double decimal(String name, Range range, double absent) {
    return text(name)
        .map(
            text -> {
              Optional<Double> number =
                  parseDouble(text).filter(n -> n >= range.min() && n <= range.max());
              expect(
                  number.isPresent(),
                  name,
                  text,
                  "a number from " + range.min() + " to " + range.max());
              return number.orElse(absent);
            })
        .orElse(absent);
  }

  /** A finite number above 0 and at most {@code max}. */
  public void positive(String name, double max) {
    text(name)
        .ifPresent(
            text ->
                expect(
                    parseDouble(text).filter(n -> n > 0 && n <= max).isPresent(),
                    name,
                    text,
                    "a number above 0, at most " + max));
  }

  /** True or false; false where the task does not name it. */
  public boolean flag(String name) {
    text(name)
        .ifPresent(
            text -> expect(text.equals("true") || text.equals("false"), name, text, "true, false"));
    return text(name).filter("true"::equals).isPresent();
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Notes a mistake unless {@code right}. */
  public void expect(boolean right, String name, String value, String accepted) {
    if (!right) {
      mistakes.add(
          "hyperparameter %s: \"%s\"; accepted: %s".formatted(name, shown(value), accepted));
    }
  }

  /** Refuses keys that begin with {@code prefix} and are none of {@code known}. */
  public void expectKnown(String prefix, String... known) {
    for (String key : values.keySet()) {
      expect(
          !key.startsWith(prefix) || Arrays.asList(known).contains(key),
          "name",
          key,
          String.join(", ", known));
    }
  }

  public List<String> mistakes() {
    return Collections.unmodifiableList(mistakes);
  }

  /** Bounds, both included. */
  public record Range(long min, long max) {}

  private static Optional<Long> parseLong(String text) {
    try {
      return Optional.of(Long.parseLong(text));
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

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String shown(String value) {
    return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
  }
}
