package io.tensorfleet.cli;

import io.tensorfleet.cli.demo.Demo;
import io.tensorfleet.cli.demo.DemoJob;
import io.tensorfleet.cli.demo.DemoSummary;
import io.tensorfleet.cli.demo.Screen;
import io.tensorfleet.cli.output.Json;
import io.tensorfleet.local.Fleet;
import io.tensorfleet.local.FleetListener;
import io.tensorfleet.local.FleetOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tensorfleet demo}: the main job, shown from zero to zero. */
@Command(
    name = "demo",
    description = {
      "Shows the main job on this machine: a pool goes from zero to what a job needs and back to zero.",
      "Exit status 0 only if every task completed exactly once."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int MOST_TASKS = 100_000;
  private static final Duration STARTING = Duration.ofMinutes(3);
  private static final Duration PER_TASK = Duration.ofSeconds(3);
  private static final Duration DRAIN = Duration.ofSeconds(30);

  @Spec @Nullable CommandSpec spec;
  @Mixin FleetOption fleetOption = new FleetOption();
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "60",
      description = "Tasks of the job, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  int tasks = 60;

  @Override
  public Integer call() throws InterruptedException {
    if (tasks < 1 || tasks > MOST_TASKS) {
      throw CliException.refused("--tasks " + tasks + ": accepted are 1 to " + MOST_TASKS);
    }
    var command = Objects.requireNonNull(spec).commandLine();
    var options = fleetOption.options().draining(DRAIN);
    Logs.toFile(options.home().resolve("logs").resolve("fleet.log"));
    var summary = run(options, UpCommand.progress(command.getErr()), screen(command.getOut()));
    command.getOut().println(output.json() ? Json.ofValue(summary) : text(summary));
    return summary.succeeded() ? 0 : 1;
  }

  private DemoSummary run(FleetOptions options, FleetListener progress, Screen screen)
      throws InterruptedException {
    try (var fleet = Fleet.start(options, progress);
        var client = new OrchestratorClient(fleet.grpcAddress())) {
      var ground = new Demo.Ground(fleet.ground().name(), fleet.kubernetes(), client);
      return Demo.run(ground, plan(), screen::show);
    }
  }

  private Demo.Plan plan() {
    var root = Path.of(System.getProperty("tensorfleet.root", ""));
    var id = "demo-" + UUID.randomUUID().toString().substring(0, 8);
    return new Demo.Plan(
        DemoJob.pool(root), DemoJob.submit(id, tasks), STARTING.plus(PER_TASK.multipliedBy(tasks)));
  }

  private Screen screen(PrintWriter out) {
    return output.json() ? Screen.none() : Screen.on(out, Terminal.width());
  }

  private static String text(DemoSummary summary) {
    return System.lineSeparator() + String.join(System.lineSeparator(), summary.lines());
  }
}
