package io.tensorfleet.e2e.drill;

import java.util.List;

/** Texts that want to be taken for something else in a log, a metric or a page. */
final class Hostile {
  /** The word that a forged line or field would begin with. */
  static final String MARK = "FORGED";

  /** What must stand in no output as it is. */
  static final List<String> CONTROLS =
      List.of(
          "\r", "\u001b", "\u0007", "\u007f", "\u0085", "\u009b", "\u2028", "\u2029", "\u202e",
          "\u2066", "\u200f");

  private static final String LINE = "2026-01-01T00:00:00.000Z INFO  Session " + MARK + " line";
  private static final String JSON =
      "\"}\n{\"level\":\"INFO\",\"message\":\"" + MARK + "\",\"" + MARK + "\":\"";

  private Hostile() {}

  /** A text that names where it was put in. */
  static String text(String place) {
    return place
        + "\n"
        + LINE
        + "\r\n"
        + LINE
        + "\u2028"
        + LINE
        + "\u2029"
        + LINE
        + "\u0085"
        + LINE
        + "\u001b[2K\u001b[1G"
        + LINE
        + "\u009b31m\u0007\u007f\u202e\u2066\u200f"
        + JSON
        + place;
  }
}
