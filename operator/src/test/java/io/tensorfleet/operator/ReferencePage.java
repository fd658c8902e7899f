package io.tensorfleet.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes {@code docs/reference/operator.md} of the operator's own declarations.
 *
 * @param index the list of its pages
 * @param metrics a page of metrics on which each metric has a series
 */
record ReferencePage(String index, String metrics) {
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Set<String> HISTOGRAM_PARTS = Set.of("le");
  private static final String FOREWORD =
      """
      # The operator

      Generated from the code by `make reference`; do not edit.

      An operator takes no arguments but `--help` and `--version`: all is set in its environment. The cluster is the one
      that it runs in, or the one that `KUBECONFIG` names. An empty variable counts as absent. All mistakes are told
      together, a line each, and end the start with status 2. Durations are Go's, such as `300ms`, `15s` or `1m30s`.
      """;

  private record Family(
      String name, String type, String help, TreeMap<String, Set<String>> labels) {}

  String text() {
    StringBuilder page = new StringBuilder(FOREWORD);
    for (Setting.Group group : Setting.Group.values()) {
      page.append("\n## ").append(group.title()).append("\n\n");
      page.append("| variable | meaning | default | accepted |\n|---|---|---|---|\n");
      Settings.all().stream()
          .filter(setting -> setting.group() == group)
          .forEach(
              s ->
                  page.append(
                      row("`" + s.name() + "`", s.meaning(), s.absent(), s.kind().accepted())));
    }
    return page.append(pages()).append(families()).append(statuses()).toString();
  }

  private String pages() {
    StringBuilder table =
        new StringBuilder(
            "\n## Pages of the HTTP server (`METRICS_PORT`)\n\n| path | what it shows |\n|---|---|\n");
    index
        .lines()
        .map(line -> line.split(" +", 2))
        .forEach(parts -> table.append(row("`" + parts[0] + "`", parts[1])));
    return table
        .append(
            "\nThey are read by GET and HEAD; another method is answered with 405, another path with 404.\n")
        .toString();
  }

  private String families() {
    StringBuilder table =
        new StringBuilder(
            "\n## Metrics\n\n| name | type | labels | meaning |\n|---|---|---|---|\n");
    for (Family family : read()) {
      String labels =
          family.labels().entrySet().stream()
              .filter(e -> !HISTOGRAM_PARTS.contains(e.getKey()))
              .map(e -> "`" + e.getKey() + "`" + values(e.getKey(), e.getValue()))
              .collect(Collectors.joining(", "));
      table.append(row("`" + family.name() + "`", family.type(), labels, family.help()));
    }
    return table.toString();
  }

  private static String values(String label, Set<String> values) {
    return Set.of("namespace", "pool", "code").contains(label)
        ? ""
        : " (" + String.join(", ", values) + ")";
  }

  private List<Family> read() {
    TreeMap<String, Family> families = new TreeMap<>();
    String help = "";
    Family family = new Family("", "", "", new TreeMap<>());
    for (String line : metrics.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP")) {
        help = words[3].strip();
      } else if (line.startsWith("# TYPE")) {
        family = new Family(words[2], words[3], help, new TreeMap<>());
        families.put(family.name(), family);
      } else {
        Matcher label = LABEL.matcher(line);
        while (label.find()) {
          family.labels().computeIfAbsent(label.group(1), _ -> new TreeSet<>()).add(label.group(2));
        }
      }
    }
    return new ArrayList<>(families.values());
  }

  private static String statuses() {
    StringBuilder table =
        new StringBuilder("\n## Exit status\n\n| status | meaning |\n|---|---|\n");
    for (ExitStatus status : ExitStatus.values()) {
      table.append(row(Integer.toString(status.code()), status.meaning()));
    }
    return table.toString();
  }

  private static String row(String... cells) {
    return List.of(cells).stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
