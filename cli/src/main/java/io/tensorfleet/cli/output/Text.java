package io.tensorfleet.cli.output;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How values read on a terminal: short, one unit or two, nothing for what is absent. */
public final class Text {
  private static final String ABSENT = "-";

  private Text() {}

  /** As kubectl writes an age: {@code 45s}, {@code 3m12s}, {@code 2h5m}, {@code 3d4h}. */
  public static String age(Duration age) {
    var seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return pair(seconds / 60, "m", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return pair(seconds / 3_600, "h", seconds % 3_600 / 60, "m");
    }
    return pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
  }

  public static String age(boolean present, Timestamp since, Instant now) {
    return present ? age(Duration.between(instant(since), now)) : ABSENT;
  }

  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  public static String orAbsent(String text) {
    return text.isEmpty() ? ABSENT : text;
  }

  public static String number(boolean present, double value) {
    return present ? String.format(Locale.ROOT, "%.4f", value) : ABSENT;
  }

  /** The name of an enum value without its type's prefix: {@code JOB_STATE_RUNNING} is RUNNING. */
  public static String state(Enum<?> value, String prefix) {
    return value.name().startsWith(prefix) ? value.name().substring(prefix.length()) : value.name();
  }

  private static String pair(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
  }
}
