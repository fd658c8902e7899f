package io.tensorfleet.worker.core;

import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel writes into the files of control groups. Any other text is unknown: empty. */
public final class CgroupTexts {
  private static final int MAX_CPU = 65_535;
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

  /** As v1 writes "no limit": 2^63 − 1, rounded down to whole pages of up to 64 KiB. */
  private static final long UNLIMITED = Long.MAX_VALUE - 65_535;

  private CgroupTexts() {}

  /** Cores, from v2's {@code cpu.max}: {@code QUOTA PERIOD} or {@code max PERIOD}. */
  public static Optional<Double> cpuMax(String text) {
    String[] parts = text.strip().split(" ", -1);
    return parts.length == 2 ? cores(parts[0], parts[1]) : Optional.empty();
  }

  /** Cores, from a quota and its period in microseconds; a quota of −1 is none. */
  public static Optional<Double> cores(String quota, String period) {
    return positive(quota).flatMap(q -> positive(period).map(p -> (double) q / p));
  }

  /** Bytes, from {@code memory.max} or {@code memory.limit_in_bytes}. */
  public static Optional<Long> memory(String text) {
    return positive(text).filter(bytes -> bytes < UNLIMITED);
  }

  /** How many processors a list such as {@code 0-3,8} names. */
  public static Optional<Integer> cpus(String text) {
    BitSet named = new BitSet();
    for (String part : text.strip().split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      if (!range.matches()) {
        return Optional.empty();
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (last < first || last > MAX_CPU) {
        return Optional.empty();
      }
      named.set(first, last + 1);
    }
    return Optional.of(named.cardinality());
  }

  /** The bytes of {@code NAME: N kB} in {@code /proc/meminfo}. */
  public static Optional<Long> meminfo(String name, String text) {
    return line(name, text)
        .filter(value -> value.endsWith(" kB"))
        .flatMap(value -> positive(value.substring(0, value.length() - 3)))
        .filter(kilobytes -> kilobytes < Long.MAX_VALUE >> 10)
        .map(kilobytes -> kilobytes << 10);
  }

  /** The value of the line {@code NAME: VALUE}. */
  public static Optional<String> line(String name, String text) {
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  private static Optional<Long> positive(String text) {
    try {
      return Optional.of(Long.valueOf(text.strip())).filter(value -> value > 0);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
