package io.tensorfleet.worker;

import io.tensorfleet.worker.core.Printable;
import io.tensorfleet.worker.log.LogSetup;
import io.tensorfleet.worker.session.Exit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The worker's program; {@link ExitStatus} tells how it ends. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(args.length == 0 ? run(System.getenv()) : answer(Arrays.asList(args)));
  }

  /** Answers {@code --help} and {@code --version}; returns the exit status. */
  static int answer(List<String> args) {
    String told =
        switch (args.getFirst()) {
          case "--help", "-h" -> Help.text();
          case "--version" -> Help.version();
          default -> "";
        };
    if (args.size() > 1 || told.isEmpty()) {
      System.err.println(
          "arguments: \"%s\" is not accepted; accepted: --help, --version, or none: a worker is set in its environment"
              .formatted(Printable.line(String.join(" ", args))));
      return ExitStatus.WRONG_SETTINGS.code();
    }
    System.out.println(told.stripTrailing());
    return ExitStatus.DONE.code();
  }

  /** Works until it has drained; returns the exit status. */
  public static int run(Map<String, String> environment) {
    WorkerConfig config;
    try {
      config = WorkerConfig.fromEnvironment(environment, Names::workerId);
    } catch (ConfigException wrong) {
      wrong.mistakes().forEach(System.err::println);
      return ExitStatus.WRONG_SETTINGS.code();
    }
    LogSetup.apply(config.log());
    try (Worker worker = Worker.start(config)) {
      drainAt("TERM", ExitStatus.TERMINATED, worker);
      drainAt("INT", ExitStatus.INTERRUPTED, worker);
      Exit exit = worker.exit().join();
      System.err.println("worker %s: %s".formatted(config.identity().workerId(), exit.sentence()));
      return exit.status();
    } catch (java.io.UncheckedIOException failure) {
      System.err.println(failure.getMessage());
      return ExitStatus.FAILED.code();
    }
  }

  private static void drainAt(String signal, ExitStatus status, Worker worker) {
    Signals.handle(signal, () -> worker.drain(new Exit(status.code(), "SIG" + signal)));
  }
}
