package io.tensorfleet.operator.telemetry;

import java.util.Arrays;
import java.util.Locale;

/** The formats of the metrics page. */
enum ScrapeFormat {
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private static final int MOST_RANGES = 64;
  private final String contentType;

  ScrapeFormat(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /** OpenMetrics where an {@code Accept} header gives it a weight that is not below text's. */
  static ScrapeFormat of(String accept) {
    double open = weight(accept, "application/openmetrics-text");
    return open > 0 && open >= weight(accept, "text/plain") ? OPEN_METRICS : TEXT;
  }

  private static double weight(String accept, String type) {
    return Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", MOST_RANGES))
        .map(String::strip)
        .filter(range -> range.equals(type) || range.startsWith(type + ";"))
        .filter(
            range ->
                !range.contains("version=")
                    || range.matches(".*version=\"?(0\\.0\\.[14]|1\\.0\\.0).*"))
        .mapToDouble(ScrapeFormat::weight)
        .max()
        .orElse(0);
  }

  private static double weight(String range) {
    return Arrays.stream(range.split(";", MOST_RANGES))
        .map(String::strip)
        .filter(part -> part.matches("q=[01](\\.[0-9]{0,3})?"))
        .mapToDouble(part -> Double.parseDouble(part.substring(2)))
        .findFirst()
        .orElse(1);
  }
}
