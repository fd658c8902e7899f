package io.tensorfleet.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under headings, each column as wide as its widest cell. */
public record Table(List<String> headings, List<List<String>> rows) {
  private static final String GAP = "   ";

  public Table {
    headings = List.copyOf(headings);
    rows = rows.stream().map(List::copyOf).toList();
    for (var row : rows) {
      if (row.size() != headings.size()) {
        throw new IllegalArgumentException(
            "a row of " + row.size() + " cells under " + headings.size() + " headings: " + row);
      }
    }
  }

  public String render() {
    var widths = IntStream.range(0, headings.size()).map(this::width).toArray();
    var lines = new ArrayList<String>();
    lines.add(line(headings, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return String.join(System.lineSeparator(), lines);
  }

  private int width(int column) {
    return Math.max(
        headings.get(column).length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> cells.get(i) + " ".repeat(widths[i] - cells.get(i).length()))
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }
}
