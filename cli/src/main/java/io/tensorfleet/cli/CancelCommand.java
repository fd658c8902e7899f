package io.tensorfleet.cli;

import io.tensorfleet.cli.output.Json;
import io.tensorfleet.proto.v1.CancelJobRequest;
import io.tensorfleet.proto.v1.Job;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tensorfleet cancel}: what waits of a job does not start, what runs is stopped. */
@Command(
    name = "cancel",
    description =
        "Cancels a job: its waiting tasks do not start, its running ones are stopped. What is completed stays.")
final class CancelCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;
  @Mixin Connection connection = new Connection();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Told with the job and its tasks.")
  String reason = "";

  @Parameters(paramLabel = "JOB", description = "The job's id, as `get jobs` shows it.")
  String job = "";

  @Override
  public Integer call() {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    try (var client = connection.orchestrator()) {
      var request = CancelJobRequest.newBuilder().setJobId(job).setReason(reason).build();
      Job now = client.jobs().cancelJob(request);
      out.println(output.json() ? Json.of(now) : sentence(now));
      return 0;
    }
  }

  private static String sentence(Job job) {
    var tasks = job.getTasks();
    String state = job.getState().name().replace("JOB_STATE_", "").toLowerCase(Locale.ROOT);
    return "job %s is %s: of %d tasks %d completed, %d cancelled, %d still running"
        .formatted(
            job.getJobId(),
            state,
            tasks.getTotal(),
            tasks.getCompleted(),
            tasks.getCancelled(),
            tasks.getRunning());
  }
}
