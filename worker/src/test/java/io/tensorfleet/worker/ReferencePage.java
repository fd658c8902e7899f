package io.tensorfleet.worker;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.SimulationParameter;
import io.tensorfleet.worker.core.SimulationPlan;
import io.tensorfleet.worker.core.TrainingTask;
import java.util.List;
import java.util.stream.Collectors;

/** Makes {@code docs/reference/worker.md} of the worker's own declarations. */
record ReferencePage(String index) {
  private static final String FOREWORD =
      """
      # The worker

      Generated from the code by `make reference`; do not edit.

      A worker takes no arguments but `--help` and `--version`: all is set in its environment.
      An empty variable counts as absent. Where a variable and its alias are both set, the variable
      wins and the alias is not read. All mistakes are told together, a line each, and end the start
      with status 2. Durations are Go's: a number with a unit (`ns us µs ms s m h`), decimals and
      compounds such as `1m30s` and `1.5h` among them, no sign, at most 2562047h47m16.854775807s.
      """;
  private static final String LOG =
      """
      ## Log

      To standard output, an event a line. As text: time (UTC), level, logger, message, then
      `task_id=… job_id=… attempt=…` where it is about a task; a value with a space is quoted; the
      lines of a failure follow, indented by four spaces. With `LOG_FORMAT=json`, one object a line:

      | field | type | what it holds |
      |---|---|---|
      | `timestamp` | string | RFC 3339, UTC, milliseconds |
      | `level` | string | `TRACE` `DEBUG` `INFO` `WARN` `ERROR` |
      | `logger` | string | the class that speaks, without its package |
      | `thread` | string | the thread's name |
      | `message` | string | a sentence |
      | `task_id`, `job_id`, `attempt` | strings | where it is about a task; `attempt` where it is known |
      | `error` | string | where something failed: the failure and its stack, lines parted by a line feed |

      Whatever is logged stays on its line: control characters, separators of lines and characters
      that turn or hide text are escaped, in text as `\\n` or `\\u{202e}`, in JSON as `\\u202e`.

      `curl localhost:2112/loglevel` shows the level, `curl -X PUT localhost:2112/loglevel?level=debug`
      changes it until the process ends. It is for callers on the worker's machine that name it as
      `localhost`, `127.x.y.z` or `[::1]`; web pages of elsewhere are refused.
      """;

  String text() {
    StringBuilder page = new StringBuilder(FOREWORD);
    for (Setting.Group group : Setting.Group.values()) {
      page.append("\n## ").append(group.title()).append("\n\n");
      page.append("| variable | meaning | default | accepted |\n|---|---|---|---|\n");
      Settings.all().stream()
          .filter(setting -> setting.group() == group)
          .forEach(setting -> page.append(row(cells(setting))));
    }
    page.append('\n').append(LOG).append(pages()).append(parameters()).append(statuses());
    return page.toString();
  }

  private static List<String> cells(Setting<?> setting) {
    String aliases =
        setting.aliases().stream()
            .map(alias -> ", alias `" + alias + "`")
            .collect(Collectors.joining());
    return List.of(
        "`" + setting.name() + "`" + aliases,
        setting.meaning(),
        setting.absent(),
        setting.kind().accepted());
  }

  private String pages() {
    StringBuilder pages =
        new StringBuilder(
            "\n## Pages of the HTTP server (`METRICS_PORT`)\n\n| path | what it shows |\n|---|---|\n");
    index
        .lines()
        .forEach(
            line -> {
              String[] parts = line.split(" +", 2);
              pages.append(row(List.of("`" + parts[0] + "`", parts[1])));
            });
    return pages
        .append("\n`/metrics` tells the meaning of each metric in its `# HELP` line.\n")
        .toString();
  }

  private static String parameters() {
    StringBuilder table =
        new StringBuilder(
            """

            ## Hyperparameters that the simulation reads

            At most 100, names of 1 to 63 bytes, values of at most 4,096; others than these are let pass,
            unless they begin with `simulation.`.

            | name | meaning | default | accepted |
            |---|---|---|---|
            """);
    for (SimulationParameter parameter : SimulationParameter.ALL) {
      table.append(
          row(
              List.of(
                  "`" + parameter.name() + "`",
                  parameter.meaning(),
                  parameter.absent(),
                  accepted(parameter))));
    }
    return table.toString();
  }

  /** As a task hears it that gives a value which is not. */
  static String accepted(SimulationParameter parameter) {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setModelType("xgboost")
            .putHyperparameters(parameter.name(), "?")
            .build();
    SimulationPlan.Defaults defaults =
        new SimulationPlan.Defaults(1, Curve.LOOP, SimulationPlan.Faults.ALLOWED);
    return SimulationPlan.of(new TrainingTask("t", "j", spec), defaults)
            instanceof SimulationPlan.Refused(List<String> mistakes)
        ? mistakes.getFirst().replaceFirst(".*; accepted: ", "")
        : "anything";
  }

  private static String statuses() {
    StringBuilder table =
        new StringBuilder("\n## Exit status\n\n| status | meaning |\n|---|---|\n");
    for (ExitStatus status : ExitStatus.values()) {
      table.append(row(List.of(Integer.toString(status.code()), status.meaning())));
    }
    return table.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
