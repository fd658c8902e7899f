package io.tensorfleet.worker.core;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The formats of a metrics page, and which of them an {@code Accept} header asks for. */
public enum ScrapeFormat {
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private static final int MAX_RANGES = 64;
  private final String contentType;

  ScrapeFormat(String contentType) {
    this.contentType = contentType;
  }

  private record Range(ScrapeFormat format, double weight) {}

  public String contentType() {
    return contentType;
  }

  /** The one of the greatest weight, of several the first; text where none is asked for. */
  public static ScrapeFormat of(String accept) {
    return Stream.of(accept.split(",", MAX_RANGES))
        .flatMap(range -> range(range).stream())
        .filter(range -> range.weight() > 0)
        .sorted(Comparator.comparingDouble(Range::weight).reversed())
        .map(Range::format)
        .findFirst()
        .orElse(TEXT);
  }

  private static Optional<Range> range(String text) {
    List<String> parts =
        Stream.of(text.toLowerCase(Locale.ROOT).split(";", -1)).map(String::strip).toList();
    double weight = parameter(parts, "q").map(ScrapeFormat::weight).orElse(1.0);
    String version = parameter(parts, "version").orElse("");
    return switch (parts.getFirst()) {
      case "application/openmetrics-text" ->
          version.isEmpty() || version.equals("1.0.0")
              ? Optional.of(new Range(OPEN_METRICS, weight))
              : Optional.empty();
      case "application/*" -> Optional.of(new Range(OPEN_METRICS, weight));
      case "text/plain", "text/*", "*/*" -> Optional.of(new Range(TEXT, weight));
      default -> Optional.empty();
    };
  }

  private static Optional<String> parameter(List<String> parts, String name) {
    return parts.stream()
        .skip(1)
        .filter(part -> part.startsWith(name + "="))
        .map(part -> part.substring(name.length() + 1).strip().replace("\"", ""))
        .findFirst();
  }

  /** What is no weight counts as 0: it was not asked for in a way that can be read. */
  private static double weight(String text) {
    return text.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(text)) : 0;
  }
}
