package io.tensorfleet.worker.telemetry;

import io.tensorfleet.worker.core.Printable;

/** Names that come from outside, as values of labels. */
final class Label {
  private static final int MAX = 128;

  private Label() {}

  /**
   * The name, on one line and printable; a long one is cut, with a mark that keeps it apart from
   * others of its beginning.
   */
  static String of(String raw) {
    String name = Printable.line(raw);
    if (name.length() <= MAX) {
      return name;
    }
    String mark = "~" + Integer.toHexString(name.hashCode());
    int end = MAX - mark.length();
    return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end)
        + mark;
  }
}
