package io.tensorfleet.operator.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and shortens what Kubernetes says. */
public final class Texts {
  private static final int LONGEST = 300;
  private static final String CUT = "…";

  private Texts() {}

  static String joined(@Nullable String reason, @Nullable String message) {
    String first = reason == null ? "" : reason;
    if (message == null || message.isBlank()) {
      return first;
    }
    return shortened(first.isEmpty() ? message : first + ": " + message);
  }

  static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + CUT;
  }

  /** The text in so many bytes of UTF-8 at most; no character is cut in two. */
  public static String within(int bytes, String text) {
    if (text.getBytes(UTF_8).length <= bytes) {
      return text;
    }
    CharBuffer rest = CharBuffer.wrap(text);
    ByteBuffer room = ByteBuffer.allocate(bytes - CUT.getBytes(UTF_8).length);
    UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE).encode(rest, room, true);
    return text.substring(0, rest.position()) + CUT;
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
