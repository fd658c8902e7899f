package io.tensorfleet.e2e.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a benchmark prints: the median of its runs, and the runs. */
public record BenchLine(String bench, String metric, String unit, List<Double> runs) {
  public BenchLine {
    runs = List.copyOf(runs);
  }

  /** The middle run; of an even number the mean of the two in the middle. */
  public double median() {
    List<Double> sorted = runs.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** One line of JSON. */
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"%s\",\"metric\":\"%s\",\"value\":%.1f,\"unit\":\"%s\",\"runs\":[%s]}",
        bench,
        metric,
        median(),
        unit,
        runs.stream()
            .map(run -> String.format(Locale.ROOT, "%.1f", run))
            .collect(Collectors.joining(",")));
  }
}
