package io.tensorfleet.operator;

import io.tensorfleet.crds.GoDuration;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kind of values.
 *
 * @param accepted what is, in words
 * @param parse empty for a text that is not accepted
 */
record Kind<T>(String accepted, Function<String, Optional<T>> parse) {
  static Kind<String> matching(String pattern, String accepted) {
    Pattern whole = Pattern.compile(pattern);
    return new Kind<>(accepted, text -> Optional.of(text).filter(t -> whole.matcher(t).matches()));
  }

  static Kind<List<String>> list(String pattern, String accepted) {
    return matching(pattern + "(\\s*,\\s*" + pattern + ")*", accepted)
        .map(text -> List.of(text.split("\\s*,\\s*", -1)));
  }

  static Kind<Integer> integer(int least, int most) {
    return matching("[0-9]{1,9}", "a whole number from " + least + " to " + most)
        .map(Integer::valueOf)
        .only(n -> n >= least && n <= most);
  }

  static Kind<Duration> duration(Duration least, Duration most) {
    String accepted =
        "a Go duration from " + GoDuration.format(least) + " to " + GoDuration.format(most);
    return new Kind<>(accepted, GoDuration::parse)
        .only(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0);
  }

  static Kind<Boolean> flag() {
    return matching("true|false", "one of true, false").map(Boolean::valueOf);
  }

  /** The constants of an enum by their text. */
  static <E extends Enum<E>> Kind<E> choice(E[] constants) {
    String accepted =
        Arrays.stream(constants).map(Enum::toString).collect(Collectors.joining(", "));
    return new Kind<>(
        "one of " + accepted,
        text -> Arrays.stream(constants).filter(c -> c.toString().equals(text)).findFirst());
  }

  static Kind<Path> file() {
    return new Kind<>("the path of a PEM file", Kind::path);
  }

  <U> Kind<U> map(Function<T, U> change) {
    return new Kind<>(accepted, text -> parse.apply(text).map(change));
  }

  private Kind<T> only(java.util.function.Predicate<T> condition) {
    return new Kind<>(accepted, text -> parse.apply(text).filter(condition));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }
}
