package io.tensorfleet.worker;

import io.tensorfleet.worker.core.GoDuration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A kind of values.
 *
 * @param accepted what is, in words
 * @param parse empty for a text that is not accepted
 */
record Kind<T>(String accepted, Function<String, Optional<T>> parse) {
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?");

  static Kind<String> matching(Pattern pattern, String accepted) {
    return new Kind<>(
        accepted, text -> Optional.of(text).filter(t -> pattern.matcher(t).matches()));
  }

  static Kind<Integer> integer(int min, int max) {
    return new Kind<>(
        "a whole number from %d to %d".formatted(min, max),
        text -> parsed(text, Integer::valueOf).filter(n -> n >= min && n <= max));
  }

  static Kind<Double> decimal(String min, String max) {
    double least = Double.parseDouble(min);
    double most = Double.parseDouble(max);
    return new Kind<>(
        "a number from %s to %s".formatted(min, max),
        text -> parsed(text, Kind::plainDecimal).filter(n -> n >= least && n <= most));
  }

  static Kind<Duration> duration() {
    return new Kind<>(
        "a Go duration above 0, such as 300ms, 30s or 1m30s",
        text -> GoDuration.parse(text).filter(Duration::isPositive));
  }

  /** The constants of an enum, in lower case; any case is read. */
  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return new Kind<>(
        "one of " + String.join(", ", choices.keySet()),
        text -> Optional.ofNullable(choices.get(text.toLowerCase(Locale.ROOT))));
  }

  /** Digits, a point, an exponent; not what else Java reads as a number. */
  private static Double plainDecimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new NumberFormatException(text);
    }
    return Double.valueOf(text);
  }

  private static <N extends Number> Optional<N> parsed(String text, Function<String, N> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
