package io.tensorfleet.worker;

import io.tensorfleet.worker.session.Exit;
import java.util.Map;

/**
 * The worker's program. Exit status: 2 for a wrong environment, 1 for a failure, 143 after
 * SIGTERM's drain.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(System.getenv()));
  }

  /** Works until it has drained; returns the exit status. */
  public static int run(Map<String, String> environment) {
    WorkerConfig config;
    try {
      config = WorkerConfig.fromEnvironment(environment, Names::workerId);
    } catch (ConfigException wrong) {
      wrong.mistakes().forEach(System.err::println);
      return 2;
    }
    LogSetup.apply(config.log());
    try (Worker worker = Worker.start(config)) {
      Signals.handle("TERM", () -> worker.drain(new Exit(143, "SIGTERM")));
      Signals.handle("INT", () -> worker.drain(new Exit(130, "SIGINT")));
      Exit exit = worker.exit().join();
      System.err.println("worker %s: %s".formatted(config.identity().workerId(), exit.sentence()));
      return exit.status();
    } catch (java.io.UncheckedIOException failure) {
      System.err.println(failure.getMessage());
      return 1;
    }
  }
}
