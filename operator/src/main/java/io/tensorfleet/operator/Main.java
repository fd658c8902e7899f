package io.tensorfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.operator.telemetry.ApiCalls;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The operator's program; {@link ExitStatus} tells how it ends. */
public final class Main {
  private static final String LOGGING = "logback.configurationFile";

  /** Held here, as its level is lost with it. What it has to say, the operator says itself. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private Main() {}

  public static void main(String[] args) {
    System.exit(args.length == 0 ? run(System.getenv()) : answer(List.of(args)).code());
  }

  /** Answers {@code --help} and {@code --version}. */
  static ExitStatus answer(List<String> args) {
    String told =
        switch (args.getFirst()) {
          case "--help", "-h" -> Help.text();
          case "--version" -> Help.version();
          default -> "";
        };
    if (args.size() > 1 || told.isEmpty()) {
      System.err.println(
          "arguments: \""
              + String.join(" ", args).replaceAll("\\p{C}", "?")
              + "\" is not accepted; accepted: --help, --version, or none: an operator is set in its environment");
      return ExitStatus.WRONG_SETTINGS;
    }
    System.out.println(told.stripTrailing());
    return ExitStatus.DONE;
  }

  private static int run(Map<String, String> environment) {
    OperatorConfig config;
    try {
      config = OperatorConfig.fromEnvironment(environment);
    } catch (EnvironmentMistakes e) {
      System.err.println(e.getMessage());
      return ExitStatus.WRONG_SETTINGS.code();
    }
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "io/tensorfleet/operator/logback.xml");
    }
    System.setProperty("tensorfleet.log.level", config.logLevel());
    GRPC.setLevel(Level.OFF);
    return serve(config);
  }

  private static int serve(OperatorConfig config) {
    var lost = new CountDownLatch(1);
    var calls = new ApiCalls();
    try (KubernetesClient client = Clients.create(calls)) {
      Operator operator = Operator.start(config, client, calls, lost::countDown);
      Runtime.getRuntime().addShutdownHook(new Thread(operator::close, "shutdown"));
      lost.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      System.err.println("the operator cannot start: " + rootMessage(e));
    }
    return ExitStatus.FAILED.code();
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
