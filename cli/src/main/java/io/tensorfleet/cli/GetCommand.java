package io.tensorfleet.cli;

import io.tensorfleet.cli.output.Json;
import io.tensorfleet.cli.output.PoolRows;
import io.tensorfleet.cli.output.Rows;
import io.tensorfleet.cli.output.Table;
import io.tensorfleet.cli.output.Waits;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.ListJobsRequest;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.ListWorkersRequest;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskState;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tensorfleet get}: what there is, as a table or as JSON. */
@Command(name = "get", description = "Lists jobs, tasks, workers or pools.")
final class GetCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw CliException.refused("say what to get: jobs, tasks, workers or pools");
  }

  @Command(name = "jobs", description = "Jobs, newest first.")
  int jobs(@Mixin Connection connection, @Mixin OutputOption output, @Mixin LimitOption limit) {
    limit.most();
    try (var client = connection.orchestrator()) {
      List<Job> jobs =
          Pages.all(
              limit.most(),
              token ->
                  client
                      .jobs()
                      .listJobs(
                          ListJobsRequest.newBuilder()
                              .setPageSize(limit.page())
                              .setPageToken(token)
                              .build()),
              answer -> answer.getJobsList(),
              answer -> answer.getNextPageToken());
      return print(output, Json.ofAll(jobs), Rows.jobs(jobs, Instant.now()));
    }
  }

  @Command(name = "tasks", description = "Tasks, of one job or of all.")
  int tasks(
      @Mixin Connection connection,
      @Mixin OutputOption output,
      @Mixin TaskFilter filter,
      @Mixin LimitOption limit) {
    var request = filter.request().setPageSize(limit.page());
    try (var client = connection.orchestrator()) {
      List<Task> tasks =
          Pages.all(
              limit.most(),
              token -> client.jobs().listTasks(request.setPageToken(token).build()),
              answer -> answer.getTasksList(),
              answer -> answer.getNextPageToken());
      Waits waits = waits(connection, client, tasks);
      Instant now = Instant.now();
      return print(output, json(tasks, waits, now), Rows.tasks(tasks, waits, now));
    }
  }

  /** Asks for workers and pools only where a task waits. */
  private static Waits waits(Connection connection, OrchestratorClient client, List<Task> tasks) {
    return tasks.stream().anyMatch(task -> task.getState() == TaskState.TASK_STATE_WAITING)
        ? new Waits(connection.poolsIfKnown(), workers(client))
        : Waits.nothing();
  }

  private static String json(List<Task> tasks, Waits waits, Instant now) {
    return Json.ofAll(
        tasks,
        (task, node) -> {
          String why = waits.of(task, now);
          if (!why.isEmpty()) {
            node.put("waits", why);
          }
        });
  }

  @Command(name = "workers", description = "Workers that are connected or hold leases.")
  int workers(@Mixin Connection connection, @Mixin OutputOption output) {
    try (var client = connection.orchestrator()) {
      List<WorkerState> workers = workers(client);
      return print(output, Json.ofAll(workers), Rows.workers(workers, Instant.now()));
    }
  }

  private static List<WorkerState> workers(OrchestratorClient client) {
    return Pages.all(
        Integer.MAX_VALUE,
        token ->
            client
                .queue()
                .listWorkers(
                    ListWorkersRequest.newBuilder()
                        .setPageSize(LimitOption.PAGE)
                        .setPageToken(token)
                        .build()),
        answer -> answer.getWorkersList(),
        answer -> answer.getNextPageToken());
  }

  @Command(name = "pools", description = "WorkerPools with their sizes.")
  int pools(@Mixin Connection connection, @Mixin OutputOption output) {
    try (var pools = connection.pools()) {
      var found = pools.list();
      return print(
          output, Json.ofValue(found), PoolRows.table(found, output.format, Instant.now()));
    }
  }

  private int print(OutputOption output, String json, Table table) {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    if (output.json()) {
      out.println(json);
    } else if (table.rows().isEmpty()) {
      out.println("none found");
    } else {
      out.println(table.render());
    }
    return 0;
  }

  /** Which tasks. */
  static final class TaskFilter {
    @Option(
        names = "--job",
        paramLabel = "ID",
        defaultValue = "",
        description = "Only tasks of this job.")
    String job = "";

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description =
            "Only tasks in this state: waiting, running, completed, failed, cancelled or expired; may be repeated.")
    List<String> states = List.of();

    ListTasksRequest.Builder request() {
      return ListTasksRequest.newBuilder()
          .setJobId(job)
          .addAllStates(states.stream().map(TaskFilter::state).toList());
    }

    private static TaskState state(String name) {
      try {
        return TaskState.valueOf("TASK_STATE_" + name.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw CliException.refused(
            "--state "
                + name
                + ": accepted are waiting, running, completed, failed, cancelled and expired");
      }
    }
  }
}
