package io.tensorfleet.operator;

import io.tensorfleet.operator.limit.ApiLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's settings.
 *
 * @param watchNamespaces namespaces whose pools are looked after; empty means all
 * @param orchestratorAddress where the queue of a pool is that names no address
 * @param workerImage image of a worker Pod whose pool names none
 * @param workerOrchestratorAddress the address written into Pods of a pool that names none
 * @param metricsPort port of metrics and health, 0 for any free one
 * @param leaderElection whether a Lease decides which of several operators acts
 * @param leaseNamespace where that Lease is; empty means the operator's own namespace
 * @param identity the operator's name in the Lease and in events
 * @param apiLimits how much the operator writes to the API server at most
 */
public record OperatorConfig(
    List<String> watchNamespaces,
    String orchestratorAddress,
    String workerImage,
    String workerOrchestratorAddress,
    int metricsPort,
    boolean leaderElection,
    Optional<String> leaseNamespace,
    String identity,
    String logLevel,
    ApiMode apiMode,
    ApiLimits apiLimits) {

  private static final String PORT =
      "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
  private static final String ADDRESS = "(dns:///)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):" + PORT;
  private static final String ADDRESSES = "host:port or dns:///host:port, port 1 to 65535";
  private static final String NAMESPACE = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

  public OperatorConfig {
    watchNamespaces = List.copyOf(watchNamespaces);
  }

  /**
   * Reads the environment.
   *
   * @throws EnvironmentMistakes naming every mistake at once
   */
  public static OperatorConfig fromEnvironment(Map<String, String> environment) {
    var read = new EnvironmentReader(environment);
    String address = read.matching("ORCHESTRATOR_ADDRESS", "localhost:50051", ADDRESS, ADDRESSES);
    var config =
        new OperatorConfig(
            read.list("WATCH_NAMESPACES", NAMESPACE, "names of namespaces separated by commas"),
            address,
            read.matching(
                "WORKER_IMAGE",
                "tensorfleet-worker:latest",
                "\\S{1,512}",
                "the name of an image: 1 to 512 characters without spaces"),
            read.matching("WORKER_ORCHESTRATOR_ADDRESS", address, ADDRESS, ADDRESSES),
            read.number("METRICS_PORT", 8081, 0, 65_535),
            read.oneOf("LEADER_ELECTION", "false", List.of("true", "false")).equals("true"),
            read.optional(
                "LEASE_NAMESPACE",
                NAMESPACE,
                "the name of a namespace: 1 to 63 characters of [a-z0-9-]"),
            read.matching(
                "OPERATOR_ID",
                hostName(environment),
                "[A-Za-z0-9._-]{1,120}",
                "1 to 120 characters of [A-Za-z0-9._-]"),
            read.oneOf("LOG_LEVEL", "info", LEVELS),
            mode(read),
            limits(read));
    read.finish();
    return config;
  }

  private static ApiLimits limits(EnvironmentReader read) {
    ApiLimits usual = ApiLimits.usual();
    return new ApiLimits(
        read.number("API_QPS", usual.perSecond(), 1, 100_000),
        read.number("API_BURST", usual.burst(), 1, 100_000),
        read.number("API_CONCURRENCY", usual.concurrency(), 1, 1_000));
  }

  private static ApiMode mode(EnvironmentReader read) {
    List<String> accepted = List.of("server-side-apply", "plain");
    return ApiMode.of(read.oneOf("API_MODE", "server-side-apply", accepted))
        .orElse(ApiMode.SERVER_SIDE_APPLY);
  }

  private static String hostName(Map<String, String> environment) {
    return environment.getOrDefault("HOSTNAME", "operator") + "-" + ProcessHandle.current().pid();
  }
}
