package io.tensorfleet.worker.core;

/** Writes JSON's strings. */
public final class Json {
  private Json() {}

  /** In quotes; all that {@link Printable} hides, and quotes and backslashes, escaped. */
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (isPlain(text, i)) {
        quoted.append(c);
      } else {
        quoted.append("\\u").append(hex(c));
      }
    }
    return quoted.append('"').toString();
  }

  /** Judged by the whole code point that this half may belong to. */
  private static boolean isPlain(String text, int i) {
    char c = text.charAt(i);
    if (c >= 0x20 && c <= 0x7e) {
      return true;
    }
    boolean second =
        Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    return !Printable.isHidden(text.codePointAt(second ? i - 1 : i));
  }

  private static String hex(char c) {
    return Integer.toHexString(0x10000 | c).substring(1);
  }
}
