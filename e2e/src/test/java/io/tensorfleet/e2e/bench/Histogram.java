package io.tensorfleet.e2e.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A histogram as Prometheus text tells it.
 *
 * @param buckets values at most as large as the key, by the key
 */
record Histogram(TreeMap<Double, Double> buckets) {
  private static final Pattern BUCKET = Pattern.compile("\\{.*le=\"([^\"]+)\".*} ([0-9.E+]+)");

  static Histogram read(String text, String name) {
    var buckets = new TreeMap<Double, Double>();
    text.lines()
        .filter(line -> line.startsWith(name + "_bucket"))
        .map(BUCKET::matcher)
        .filter(Matcher::find)
        .forEach(
            found ->
                buckets.merge(bound(found.group(1)), Double.valueOf(found.group(2)), Double::sum));
    return new Histogram(buckets);
  }

  private static double bound(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  double count() {
    return buckets.isEmpty() ? 0 : buckets.lastEntry().getValue();
  }

  /** What came after {@code before}. */
  Histogram minus(Histogram before) {
    var rest = new TreeMap<Double, Double>();
    buckets.forEach((le, n) -> rest.put(le, n - before.buckets.getOrDefault(le, 0.0)));
    return new Histogram(rest);
  }

  /** The bound of the bucket in which the quantile lies: not below it. */
  double quantile(double share) {
    return buckets.entrySet().stream()
        .filter(bucket -> bucket.getValue() >= share * count())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Double.NaN);
  }
}
