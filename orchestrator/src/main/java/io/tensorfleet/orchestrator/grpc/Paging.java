package io.tensorfleet.orchestrator.grpc;

import io.grpc.StatusException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Sizes and tokens of pages. */
final class Paging {
  private Paging() {}

  static int size(int asked) throws StatusException {
    if (asked < 0 || asked > 1000) {
      throw Answers.invalid("page_size is '" + asked + "': accepted is 0 (for 100) to 1000");
    }
    return asked == 0 ? 100 : asked;
  }

  static String token(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The key in a token; empty for no token. */
  static String key(String token) throws StatusException {
    try {
      String key = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (key.indexOf('\0') < 0) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw badToken(token);
  }

  static long number(String token, String key) throws StatusException {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException e) {
      throw badToken(token);
    }
  }

  static StatusException badToken(String token) {
    return Answers.invalid(
        "page_token is '" + token + "': accepted is what the last page gave, or nothing");
  }
}
