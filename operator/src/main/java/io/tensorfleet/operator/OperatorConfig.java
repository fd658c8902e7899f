package io.tensorfleet.operator;

import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.tls.TlsFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's settings; what each means, and what is accepted, is declared in {@link Settings}.
 *
 * @param watchNamespaces namespaces whose pools are looked after; empty means all
 * @param leaseNamespace empty means the operator's own namespace
 * @param identity the operator's name in events, and the beginning of its name in the Lease
 * @param apiLimits how much the operator writes to the API server at most
 * @param tls files of TLS towards orchestrators
 */
public record OperatorConfig(
    List<String> watchNamespaces,
    String orchestratorAddress,
    String workerImage,
    String workerOrchestratorAddress,
    int metricsPort,
    boolean leaderElection,
    Optional<String> leaseNamespace,
    Duration leaseDuration,
    String identity,
    String logLevel,
    ApiMode apiMode,
    ApiLimits apiLimits,
    Optional<TlsFiles> tls) {

  public OperatorConfig {
    watchNamespaces = List.copyOf(watchNamespaces);
  }

  /**
   * Reads the environment.
   *
   * @throws EnvironmentMistakes naming every mistake at once
   */
  public static OperatorConfig fromEnvironment(Map<String, String> environment) {
    var env = new EnvironmentReader(environment);
    String address = Settings.ORCHESTRATOR_ADDRESS.in(env, "localhost:50051");
    var config =
        new OperatorConfig(
            Settings.WATCH_NAMESPACES.in(env, List.of()),
            address,
            Settings.WORKER_IMAGE.in(env, "tensorfleet-worker:latest"),
            Settings.WORKER_ORCHESTRATOR_ADDRESS.in(env, address),
            Settings.METRICS_PORT.in(env, 8081),
            Settings.LEADER_ELECTION.in(env, false),
            Settings.LEASE_NAMESPACE.in(env),
            Settings.LEASE_DURATION.in(env, Duration.ofSeconds(15)),
            Settings.OPERATOR_ID.in(env).orElseGet(() -> hostName(environment)),
            Settings.LOG_LEVEL.in(env, "info"),
            Settings.API_MODE.in(env, ApiMode.EXACT),
            limits(env),
            TlsSettings.in(env));
    env.finish();
    return config;
  }

  private static ApiLimits limits(EnvironmentReader env) {
    ApiLimits usual = ApiLimits.usual();
    return new ApiLimits(
        Settings.API_QPS.in(env, usual.perSecond()),
        Settings.API_BURST.in(env, usual.burst()),
        Settings.API_CONCURRENCY.in(env, usual.concurrency()));
  }

  private static String hostName(Map<String, String> environment) {
    return environment.getOrDefault("HOSTNAME", "operator") + "-" + ProcessHandle.current().pid();
  }
}
