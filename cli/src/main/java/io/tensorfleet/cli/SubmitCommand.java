package io.tensorfleet.cli;

import io.tensorfleet.cli.demo.DemoJob;
import io.tensorfleet.cli.output.Json;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tensorfleet submit}: one job of one task, of many, or of a grid over hyperparameters. */
@Command(
    name = "submit",
    description = "Submits a job and prints its id; acknowledged means durable.",
    footer = {
      "",
      "Examples:",
      "  tensorfleet submit --model-type xgboost",
      "  tensorfleet submit --mix --tasks 60 --wait",
      "  tensorfleet submit --model-type neural_network --grid learning_rate=0.1,0.01 --grid batch_size=32,64"
    })
final class SubmitCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;
  @Mixin Connection connection = new Connection();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--model-type",
      paramLabel = "TYPE",
      description = "neural_network, xgboost or random_forest (default: ${DEFAULT-VALUE}).",
      defaultValue = "neural_network")
  String modelType = "neural_network";

  @Option(names = "--mix", description = "Share the tasks out over the three model types.")
  boolean mix;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many tasks (default: ${DEFAULT-VALUE}).")
  int tasks = 1;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Epochs of a task (default: ${DEFAULT-VALUE}).")
  int epochs = 10;

  @Option(
      names = "--dataset",
      paramLabel = "PATH",
      defaultValue = "",
      description = "The dataset's path.")
  String dataset = "";

  @Option(
      names = {"-p", "--param"},
      paramLabel = "KEY=VALUE",
      description = "A hyperparameter; may be repeated.")
  Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--grid",
      paramLabel = "KEY=V1,V2",
      description = "One task for each combination of these values; may be repeated.")
  Map<String, String> grid = new LinkedHashMap<>();

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The queue (default: ${DEFAULT-VALUE}).")
  String queue = "default";

  @Option(
      names = "--priority",
      paramLabel = "N",
      defaultValue = "0",
      description = "Higher goes first, -100 to 100 (default: ${DEFAULT-VALUE}).")
  int priority;

  @Option(
      names = "--job-id",
      paramLabel = "ID",
      defaultValue = "",
      description = "The job's id; one is made when absent.")
  String jobId = "";

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      defaultValue = "",
      description = "The same request id gives the same job, however often it is sent.")
  String requestId = "";

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      defaultValue = "0",
      description = "Tries of one task in all; 0: the orchestrator's default.")
  int maxAttempts;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description = "The job must end within this time, for example 1h30m.")
  Optional<String> deadline = Optional.empty();

  @Option(
      names = "--gpus",
      paramLabel = "N",
      defaultValue = "0",
      description = "GPUs that a worker must have (default: ${DEFAULT-VALUE}).")
  int gpus;

  @Option(
      names = "--require",
      paramLabel = "LABEL=VALUE",
      description = "A label that a worker must carry; may be repeated.")
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--wait",
      description = "Stay until the job has ended; exit 0 only if it completed.")
  boolean wait;

  @Override
  public Integer call() {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    var request = request();
    try (var client = connection.orchestrator()) {
      var answer = client.jobs().submit(request);
      if (!wait) {
        out.println(
            output.json()
                ? Json.of(answer)
                : submitted(answer.getJobId(), answer.getTasks(), answer.getExisting()));
        return 0;
      }
      var job =
          JobWatch.untilEnded(
              client, answer.getJobId(), output.json() ? _ -> {} : new ProgressLines(out));
      if (output.json()) {
        out.println(Json.of(job));
      }
      return job.getState() == JobState.JOB_STATE_COMPLETED ? 0 : 1;
    }
  }

  private SubmitRequest request() {
    var request =
        SubmitRequest.newBuilder()
            .setJobId(jobId)
            .setRequestId(requestId)
            .setUserId(System.getProperty("user.name", ""))
            .setQueue(queue)
            .setPriority(priority)
            .addAllGroups(groups());
    deadline
        .map(text -> Durations.parse("--deadline", text))
        .map(Submission::proto)
        .ifPresent(request::setDeadline);
    return Submission.withId(request, UUID.randomUUID().toString());
  }

  private void check() {
    if (tasks < 1) {
      throw CliException.refused("--tasks " + tasks + ": accepted are whole numbers from 1");
    }
    if (!grid.isEmpty() && (mix || tasks != 1)) {
      throw CliException.refused("--grid makes its own tasks: leave out --tasks and --mix");
    }
  }

  private List<TaskGroup> groups() {
    check();
    var template = template();
    if (!grid.isEmpty()) {
      return List.of(Submission.grid(grid, template));
    }
    return mix ? DemoJob.mixed(tasks, template) : List.of(Submission.repeated(tasks, template));
  }

  private TaskSpec template() {
    return TaskSpec.newBuilder()
        .setModelType(modelType)
        .setDatasetPath(dataset)
        .putAllHyperparameters(parameters)
        .setEpochs(epochs)
        .setMaxAttempts(maxAttempts)
        .setRequires(Submission.requirements(gpus, labels))
        .build();
  }

  private static String submitted(String job, int tasks, boolean existing) {
    return existing
        ? "job " + job + " was already there, " + tasks + " tasks"
        : "job " + job + " submitted, " + tasks + (tasks == 1 ? " task" : " tasks");
  }
}
