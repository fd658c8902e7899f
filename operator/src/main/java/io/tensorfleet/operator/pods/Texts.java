package io.tensorfleet.operator.pods;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and shortens what Kubernetes says. */
public final class Texts {
  private static final int LONGEST = 300;

  private Texts() {}

  static String joined(@Nullable String reason, @Nullable String message) {
    String first = reason == null ? "" : reason;
    if (message == null || message.isBlank()) {
      return first;
    }
    return shortened(first.isEmpty() ? message : first + ": " + message);
  }

  static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  /** The time that this text tells; empty where it tells none. */
  public static Optional<Instant> instant(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
