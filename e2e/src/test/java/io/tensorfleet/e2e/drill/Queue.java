package io.tensorfleet.e2e.drill;

import io.tensorfleet.cli.OrchestratorClient;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.CancelJobRequest;
import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.GetTaskRequest;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.ListWorkersRequest;
import io.tensorfleet.proto.v1.ReadLogsRequest;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.UncordonRequest;
import io.tensorfleet.proto.v1.WorkerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** An orchestrator process, and a user's client of it that writes down what it is answered. */
public final class Queue implements AutoCloseable {
  private static final Pattern SERVES =
      Pattern.compile("serves gRPC on port ([0-9]+) and HTTP on port ([0-9]+)");
  private static final int PAGE = 1_000;

  private final Map<String, String> environment;
  private final Program program;
  private final String host;
  private final int port;
  private final OrchestratorClient client;

  private Queue(Map<String, String> environment, Program program, String host, int port) {
    this.environment = Map.copyOf(environment);
    this.program = program;
    this.host = host;
    this.port = port;
    this.client = new OrchestratorClient(host + ":" + port);
  }

  static Queue start(Map<String, String> database, Map<String, String> settings, Path folder) {
    var environment = new TreeMap<>(database);
    environment.put("GRPC_ADDRESS", "127.0.0.1:0");
    environment.put("HTTP_ADDRESS", "127.0.0.1:0");
    environment.putAll(settings);
    var program = Program.start("orchestrator", List.of(), environment, folder);
    try {
      String host = environment.get("GRPC_ADDRESS").replaceFirst(":[0-9]+$", "");
      int port = Integer.parseInt(program.said(SERVES).group(1));
      return new Queue(environment, program, host, port);
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  /** SIGKILL, and another orchestrator in its place: the same database and the same address. */
  Queue replaced(Path folder) {
    close();
    return start(environment, Map.of("GRPC_ADDRESS", address()), folder);
  }

  public int port() {
    return port;
  }

  public String address() {
    return host + ":" + port;
  }

  public Program program() {
    return program;
  }

  public OrchestratorClient client() {
    return client;
  }

  /** Submits a job of so many equal tasks, and writes down each that was acknowledged. */
  public List<String> submit(History history, TaskSpec spec, int count) {
    var group = TaskGroup.newBuilder().setTemplate(spec).setCount(count);
    String job =
        client.jobs().submit(SubmitRequest.newBuilder().addGroups(group).build()).getJobId();
    var tasks = tasks(job).stream().map(Task::getTaskId).toList();
    tasks.forEach(task -> history.add(new Event.Submitted(history.now(), task)));
    return tasks;
  }

  /** The tasks of a job, at most 1,000. */
  public List<Task> tasks(String job) {
    var request = ListTasksRequest.newBuilder().setJobId(job).setPageSize(PAGE).build();
    return client.jobs().listTasks(request).getTasksList();
  }

  public Task task(String id) {
    return client.jobs().getTask(GetTaskRequest.newBuilder().setTaskId(id).build());
  }

  /** Cancels the job of a task. */
  public void cancel(History history, String task, String reason) {
    String job = task(task).getJobId();
    history.add(new Event.CancelAsked(history.now(), task));
    var request = CancelJobRequest.newBuilder().setJobId(job).setReason(reason).build();
    var _ = client.jobs().cancelJob(request);
  }

  /** Gives the worker no lease until it is uncordoned. */
  public void cordon(String worker) {
    var request = CordonRequest.newBuilder().setWorkerId(worker).build();
    var outcome = client.queue().cordon(request).getOutcome();
    if (outcome != CordonResponse.Outcome.OUTCOME_CORDONED) {
      throw new IllegalStateException(worker + " could not be cordoned: " + outcome);
    }
  }

  public void uncordon(String worker) {
    var _ = client.queue().uncordon(UncordonRequest.newBuilder().setWorkerId(worker).build());
  }

  public Optional<WorkerState> worker(String id) {
    return client
        .queue()
        .listWorkers(ListWorkersRequest.newBuilder().setPageSize(PAGE).build())
        .getWorkersList()
        .stream()
        .filter(worker -> worker.getWorkerId().equals(id))
        .findFirst();
  }

  /** Waits until every task submitted so far has ended, and writes down how, and what it logged. */
  public void awaitEnds(History history, Duration limit) {
    for (var submitted : history.all(Event.Submitted.class)) {
      Task task = ended(submitted.task(), limit);
      String state = task.getState().name().replace("TASK_STATE_", "");
      history.add(new Event.Ended(history.now(), task.getTaskId(), state, task.getAttempt()));
      logs(history, task.getTaskId());
    }
  }

  /** The task once it has ended, or as it is past the limit. */
  public Task ended(String id, Duration limit) {
    try {
      return Await.value(
          limit, "the end of task " + id, () -> Optional.of(task(id)).filter(Task::hasFinishedAt));
    } catch (AssertionError late) {
      return task(id);
    }
  }

  private void logs(History history, String task) {
    var request = ReadLogsRequest.newBuilder().setTaskId(task).setTail(10_000).build();
    client
        .jobs()
        .readLogs(request)
        .forEachRemaining(
            line -> {
              long at = line.getAt().getSeconds() * 1_000 + line.getAt().getNanos() / 1_000_000;
              history.add(new Event.Logged(history.ofWall(at), task, line.getAttempt()));
            });
  }

  @Override
  public void close() {
    client.close();
    program.close();
  }
}
