package io.tensorfleet.orchestrator;

import io.tensorfleet.orchestrator.EnvironmentReader.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * All settings of an orchestrator.
 *
 * @param reconnectWindow how long the leases of a broken stream live on
 * @param taskTimeout longest run of one attempt, where the task names none
 * @param workerTimeout silence after which a worker of the old wire counts as gone
 * @param maxRetries tries beyond the first, where the task names none
 */
public record OrchestratorConfig(
    Database database,
    Address grpcAddress,
    Address httpAddress,
    String orchestratorId,
    Duration lease,
    Duration heartbeatInterval,
    Duration reconnectWindow,
    Duration taskTimeout,
    Duration workerTimeout,
    int maxRetries,
    String logLevel) {

  /** Where the queue is kept. */
  public record Database(String url, String user, String password) {
    @Override
    public String toString() {
      return url + " as " + user;
    }
  }

  private static final Kind<Address> ADDRESS =
      new Kind<>(Address::parse, _ -> true, "host:port, port 0 to 65535");
  private static final Kind<Duration> DURATION =
      new Kind<>(
          GoDuration::parse,
          d -> d.compareTo(Duration.ofMillis(10)) >= 0 && d.compareTo(Duration.ofDays(365)) <= 0,
          "a duration such as 300ms, 10s or 1m30s, from 10ms to 8760h");
  private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error");

  /**
   * Reads the environment.
   *
   * @throws ConfigException telling every mistake
   */
  public static OrchestratorConfig fromEnvironment(Map<String, String> environment) {
    EnvironmentReader reader = new EnvironmentReader(environment);
    OrchestratorConfig config =
        new OrchestratorConfig(
            database(reader),
            reader.read("GRPC_ADDRESS", new Address("0.0.0.0", 50051), ADDRESS),
            reader.read("HTTP_ADDRESS", new Address("0.0.0.0", 8080), ADDRESS),
            reader.read(
                "ORCHESTRATOR_ID",
                generatedId(),
                matching("[A-Za-z0-9._-]{1,128}", "1 to 128 of [A-Za-z0-9._-]")),
            reader.read("LEASE", Duration.ofSeconds(10), DURATION),
            reader.read("HEARTBEAT_INTERVAL", Duration.ofSeconds(2), DURATION),
            reader.read("RECONNECT_WINDOW", Duration.ofSeconds(3), DURATION),
            reader.read("TASK_TIMEOUT", Duration.ofSeconds(300), DURATION),
            reader.read("WORKER_TIMEOUT", Duration.ofSeconds(60), DURATION),
            reader.read(
                "MAX_RETRIES", 3, new Kind<>(Integer::valueOf, n -> n >= 0 && n <= 99, "0 to 99")),
            reader.read(
                "LOG_LEVEL",
                "info",
                new Kind<>(s -> s, LEVELS::contains, "trace, debug, info, warn or error")));
    reader.expect(
        config.heartbeatInterval().multipliedBy(3).compareTo(config.lease()) <= 0,
        "HEARTBEAT_INTERVAL='"
            + config.heartbeatInterval().toMillis()
            + "ms': accepted is at most a third of LEASE ("
            + config.lease().toMillis()
            + "ms)");
    if (!reader.mistakes().isEmpty()) {
      throw new ConfigException(reader.mistakes());
    }
    return config;
  }

  private static Database database(EnvironmentReader reader) {
    Kind<String> url =
        new Kind<>(
            s -> s, s -> s.startsWith("jdbc:postgresql:"), "jdbc:postgresql://host:port/database");
    Kind<String> any = new Kind<>(s -> s, _ -> true, "any text");
    return new Database(
        reader.read("DATABASE_URL", "jdbc:postgresql://localhost:5432/tensorfleet", url),
        reader.read("DATABASE_USER", "postgres", any),
        reader.read("DATABASE_PASSWORD", "", any));
  }

  private static Kind<String> matching(String regex, String accepted) {
    return new Kind<>(s -> s, s -> s.matches(regex), accepted);
  }

  private static String generatedId() {
    return "orchestrator-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
