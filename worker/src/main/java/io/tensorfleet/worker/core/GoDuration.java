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
  private static final Pattern PART =
      Pattern.compile("([0-9]*)(?:\\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)");
  private static final int MOST_DIGITS = 19;
  private static final BigInteger MAX_NANOS = BigInteger.valueOf(Long.MAX_VALUE);
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /** Empty where the text is no unsigned Go duration, or is longer than 2^63 − 1 nanoseconds. */
  public static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher part = PART.matcher(text);
    BigInteger nanos = BigInteger.ZERO;
    int end = 0;
    while (part.find() && part.start() == end && hasDigits(part)) {
      long unit = NANOS.getOrDefault(part.group(3), 1L);
      nanos = nanos.add(whole(part.group(1), unit)).add(BigInteger.valueOf(fraction(part, unit)));
      end = part.end();
    }
    boolean right = end > 0 && end == text.length() && nanos.compareTo(MAX_NANOS) <= 0;
    return right ? Optional.of(Duration.ofNanos(nanos.longValueExact())) : Optional.empty();
  }

  private static boolean hasDigits(Matcher part) {
    return !part.group(1).isEmpty() || !fractionOf(part).isEmpty();
  }

  private static String fractionOf(Matcher part) {
    String digits = part.group(2);
    return digits == null ? "" : digits;
  }

  private static BigInteger whole(String digits, long unit) {
    String figures = digits.replaceFirst("^0+", "");
    if (figures.length() > MOST_DIGITS) {
      return MAX_NANOS.add(BigInteger.ONE);
    }
    return new BigInteger(figures.isEmpty() ? "0" : figures).multiply(BigInteger.valueOf(unit));
  }

  /** As Go's leadingFraction has it: digits that no longer fit count for nothing. */
  private static long fraction(Matcher part, long unit) {
    long value = 0;
    double scale = 1;
    for (char digit : fractionOf(part).toCharArray()) {
      long next = value * 10 + (digit - '0');
      if (value > Long.MAX_VALUE / 10 || Long.compareUnsigned(next, Long.MIN_VALUE) > 0) {
        break;
      }
      value = next;
      scale *= 10;
    }
    return (long) ((value < 0 ? 0x1p63 : (double) value) * (unit / scale));
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
