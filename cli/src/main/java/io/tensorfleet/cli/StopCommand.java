package io.tensorfleet.cli;

import io.tensorfleet.cli.output.Json;
import io.tensorfleet.local.FleetFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tensorfleet stop}: asks the fleet that runs here to drain and to end. */
@Command(
    name = "stop",
    description = "Drains and stops the fleet that `up` or `demo` started here.")
final class StopCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;
  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".tensorfleet",
      description = "The fleet's folder (default: ${DEFAULT-VALUE}).")
  Path home = Path.of(".tensorfleet");

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "11m",
      description = "How long to wait for running tasks to end (default: ${DEFAULT-VALUE}).")
  String timeout = "11m";

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    var limit = Durations.parse("--timeout", timeout);
    var process =
        FleetFile.read(home)
            .flatMap(fleet -> ProcessHandle.of(fleet.pid()))
            .filter(ProcessHandle::isAlive);
    var stopped = process.isPresent() && stop(process.get(), limit);
    say(process.map(ProcessHandle::pid), stopped);
    return process.isEmpty() || stopped ? 0 : 1;
  }

  private static boolean stop(ProcessHandle process, Duration limit)
      throws InterruptedException, ExecutionException {
    process.destroy();
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void say(Optional<Long> pid, boolean stopped) {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    if (output.json()) {
      out.println(Json.ofValue(Map.of("running", pid.isPresent(), "stopped", stopped)));
    } else if (pid.isEmpty()) {
      out.println("no fleet runs in " + home);
    } else {
      out.println(
          stopped
              ? "the fleet (process " + pid.get() + ") has stopped"
              : "the fleet (process "
                  + pid.get()
                  + ") is still draining after "
                  + timeout
                  + ": wait, or stop its tasks");
    }
  }
}
