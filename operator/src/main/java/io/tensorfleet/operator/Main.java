package io.tensorfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.operator.telemetry.ApiCalls;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The operator's program: 143 after SIGTERM, 1 when it cannot go on, 2 when its environment is
 * wrong.
 */
public final class Main {
  private static final String LOGGING = "logback.configurationFile";

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(System.getenv()));
  }

  private static int run(Map<String, String> environment) {
    OperatorConfig config;
    try {
      config = OperatorConfig.fromEnvironment(environment);
    } catch (EnvironmentMistakes e) {
      System.err.println(e.getMessage());
      return 2;
    }
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "io/tensorfleet/operator/logback.xml");
    }
    System.setProperty("tensorfleet.log.level", config.logLevel());
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
    return 1;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
