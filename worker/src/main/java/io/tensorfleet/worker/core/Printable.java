package io.tensorfleet.worker.core;

/** Makes any text fit to be shown on one line: what would end, hide or turn the line is escaped. */
public final class Printable {
  private Printable() {}

  /**
   * {@code \n}, {@code \r}, {@code \t} for these three, {@code \}{@code u{2028}} and so on for
   * others.
   */
  public static String line(String text) {
    int first = firstHidden(text, 0);
    if (first < 0) {
      return text;
    }
    StringBuilder line = new StringBuilder(text.length() + 16).append(text, 0, first);
    text.substring(first).codePoints().forEach(c -> append(line, c));
    return line.toString();
  }

  private static int firstHidden(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        if (isHidden(text.codePointAt(i))) {
          return i;
        }
        i += Character.isHighSurrogate(c) ? 1 : 0;
      }
    }
    return -1;
  }

  private static void append(StringBuilder line, int c) {
    switch (c) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (isHidden(c)) {
          line.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
          line.appendCodePoint(c);
        }
      }
    }
  }

  /** Control and format characters (bidi among them), separators of lines, halves of pairs. */
  public static boolean isHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          true;
      default -> false;
    };
  }
}
