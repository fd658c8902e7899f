package io.tensorfleet.worker.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, without a sign: {@code 300ms}, {@code 1m30s}, {@code 1.5h}. */
public final class GoDuration {
  private static final int MAX_LENGTH = 64;
  private static final Pattern PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final BigInteger MAX_NANOS = BigInteger.valueOf(Long.MAX_VALUE);
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "µs", BigDecimal.valueOf(1_000),
          "μs", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", BigDecimal.valueOf(1_000_000_000),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));

  private GoDuration() {}

  /** Empty where the text is no unsigned Go duration, or is longer than 2^63 − 1 nanoseconds. */
  public static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher part = PART.matcher(text);
    BigInteger nanos = BigInteger.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      nanos = nanos.add(nanosOf(part.group(1), part.group(2)));
      end = part.end();
    }
    boolean whole = end == text.length() && nanos.compareTo(MAX_NANOS) <= 0;
    return whole ? Optional.of(Duration.ofNanos(nanos.longValueExact())) : Optional.empty();
  }

  private static BigInteger nanosOf(String number, String unit) {
    return new BigDecimal(number).multiply(NANOS.getOrDefault(unit, BigDecimal.ONE)).toBigInteger();
  }

  /**
   * The form that Go's {@code Duration.String} gives: {@code 2h15m30s}, {@code 1.5s}, {@code
   * 300ms}, {@code 0s}.
   */
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos < 0) {
      return "-" + format(duration.negated());
    }
    if (nanos < 1_000_000_000L) {
      return belowOneSecond(nanos);
    }
    long hours = duration.toHours();
    long minutes = duration.toMinutes();
    String seconds = decimal(nanos - minutes * 60_000_000_000L, 9) + "s";
    if (minutes == 0) {
      return seconds;
    }
    String rest = (minutes - hours * 60) + "m" + seconds;
    return hours == 0 ? rest : hours + "h" + rest;
  }

  private static String belowOneSecond(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    return nanos < 1_000_000 ? decimal(nanos, 3) + "µs" : decimal(nanos, 6) + "ms";
  }

  private static String decimal(long value, int scale) {
    BigDecimal stripped = BigDecimal.valueOf(value, scale).stripTrailingZeros();
    return stripped.toPlainString();
  }
}
