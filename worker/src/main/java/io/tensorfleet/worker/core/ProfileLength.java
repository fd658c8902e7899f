package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** For how long a profile is taken: whole seconds from 1 to 300, 30 where nothing is said. */
public final class ProfileLength {
  private static final int LONGEST = 300;
  private static final Duration DEFAULT = Duration.ofSeconds(30);
  private static final Pattern SECONDS = Pattern.compile("(?:.*&)?seconds=([^&]*)(?:&.*)?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

  private ProfileLength() {}

  /** The length, or what is wrong with the one that was asked for. */
  public sealed interface Answer {}

  /** A length in range. */
  public record Accepted(Duration length) implements Answer {}

  /** What was asked for and what is accepted. */
  public record Refused(String sentence) implements Answer {}

  /** Reads parameter {@code seconds} of a query such as {@code seconds=5&x=y}, not decoded. */
  public static Answer of(Optional<String> query) {
    Matcher asked = SECONDS.matcher(query.orElse(""));
    if (!asked.matches()) {
      return new Accepted(DEFAULT);
    }
    String text = asked.group(1);
    int seconds = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
    return seconds >= 1 && seconds <= LONGEST
        ? new Accepted(Duration.ofSeconds(seconds))
        : new Refused(
            "seconds: \"%s\" is not accepted; accepted: a whole number from 1 to %d"
                .formatted(shown(text), LONGEST));
  }

  private static String shown(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
