package io.tensorfleet.orchestrator;

import ch.qos.logback.classic.Level;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the orchestrator from the environment, and closes it on SIGTERM. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    OrchestratorConfig config = configOrExit();
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.toLevel(config.logLevel(), Level.INFO));
    }
    Orchestrator orchestrator = startOrExit(config);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(orchestrator::close));
    LOG.info(
        "Orchestrator {} serves gRPC on port {} and HTTP on port {}",
        config.orchestratorId(),
        orchestrator.grpcPort(),
        orchestrator.httpPort());
    new CountDownLatch(1).await();
  }

  private static OrchestratorConfig configOrExit() {
    try {
      return OrchestratorConfig.fromEnvironment(System.getenv());
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      throw e;
    }
  }

  private static Orchestrator startOrExit(OrchestratorConfig config) {
    try {
      return Orchestrator.start(config);
    } catch (RuntimeException e) {
      LOG.debug("Start failed", e);
      System.err.println("cannot start with " + config.database() + ": " + e.getMessage());
      System.exit(1);
      throw e;
    }
  }
}
