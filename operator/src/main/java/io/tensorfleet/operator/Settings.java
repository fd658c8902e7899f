package io.tensorfleet.operator;

import static io.tensorfleet.operator.Setting.Group.API;
import static io.tensorfleet.operator.Setting.Group.POOLS;
import static io.tensorfleet.operator.Setting.Group.SEVERAL;
import static io.tensorfleet.operator.Setting.Group.TELEMETRY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every setting of the operator, in the order in which they are explained.
 *
 * <p>To add one: a constant here, made by {@link #one}, which also puts it into the reference page
 * and {@code --help}; a component of {@link OperatorConfig}, filled there by {@code NAME.in(env)};
 * then {@code make reference}.
 */
final class Settings {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  private static final String PORT =
      "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
  private static final Kind<String> ADDRESS =
      Kind.matching(
          "(dns:///)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):" + PORT,
          "host:port or dns:///host:port, port 1 to 65535");
  private static final String NAMESPACE = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  static final Setting<List<String>> WATCH_NAMESPACES =
      one(
          new Setting<>(
              POOLS,
              "WATCH_NAMESPACES",
              "The namespaces whose pools it looks after",
              "all",
              Kind.list(NAMESPACE, "names of namespaces separated by commas")));
  static final Setting<String> ORCHESTRATOR_ADDRESS =
      one(
          new Setting<>(
              POOLS,
              "ORCHESTRATOR_ADDRESS",
              "The orchestrator of a pool that names none",
              "localhost:50051",
              ADDRESS));
  static final Setting<String> WORKER_ORCHESTRATOR_ADDRESS =
      one(
          new Setting<>(
              POOLS,
              "WORKER_ORCHESTRATOR_ADDRESS",
              "The address that workers of such a pool are given",
              "ORCHESTRATOR_ADDRESS",
              ADDRESS));
  static final Setting<String> WORKER_IMAGE =
      one(
          new Setting<>(
              POOLS,
              "WORKER_IMAGE",
              "The image of a worker whose pool names none",
              "tensorfleet-worker:latest",
              Kind.matching(
                  "\\S{1,512}", "the name of an image: 1 to 512 characters without spaces")));

  static final Setting<Boolean> LEADER_ELECTION =
      one(
          new Setting<>(
              SEVERAL,
              "LEADER_ELECTION",
              "Whether a Lease decides which of several operators acts",
              "false",
              Kind.flag()));
  static final Setting<String> LEASE_NAMESPACE =
      one(
          new Setting<>(
              SEVERAL,
              "LEASE_NAMESPACE",
              "Where that Lease is; its name is tensorfleet-operator",
              "the operator's own namespace",
              Kind.matching(
                  NAMESPACE, "the name of a namespace: 1 to 63 characters of [a-z0-9-]")));
  static final Setting<Duration> LEASE_DURATION =
      one(
          new Setting<>(
              SEVERAL,
              "LEASE_DURATION",
              "How long after its last renewal another operator may take the Lease; its holder acts"
                  + " for two thirds of that, and renews it eight times",
              "15s",
              Kind.duration(Duration.ofSeconds(3), Duration.ofMinutes(5))));
  static final Setting<String> OPERATOR_ID =
      one(
          new Setting<>(
              SEVERAL,
              "OPERATOR_ID",
              "Its name in events and, with a random suffix, in the Lease",
              "host name and process id",
              Kind.matching("[A-Za-z0-9._-]{1,120}", "1 to 120 characters of [A-Za-z0-9._-]")));

  static final Setting<ApiMode> API_MODE =
      one(
          new Setting<>(
              API,
              "API_MODE",
              "How it writes; plain is for the embedded mock API server alone",
              "exact",
              Kind.choice(ApiMode.values())));

  static final Setting<Integer> API_QPS =
      one(
          new Setting<>(
              API,
              "API_QPS",
              "Writes a second in the long run, over all pools",
              "1000",
              Kind.integer(1, 100_000)));
  static final Setting<Integer> API_BURST =
      one(
          new Setting<>(
              API,
              "API_BURST",
              "Writes that may come at once after a quiet time",
              "2000",
              Kind.integer(1, 100_000)));
  static final Setting<Integer> API_CONCURRENCY =
      one(
          new Setting<>(
              API,
              "API_CONCURRENCY",
              "Writes under way at once at most; fewer while the API server has too much to do",
              "32",
              Kind.integer(1, 1_000)));

  static final Setting<Integer> METRICS_PORT =
      one(
          new Setting<>(
              TELEMETRY,
              "METRICS_PORT",
              "Its HTTP server: metrics and health; 0 takes any free port, which the log names",
              "8081",
              Kind.integer(0, 65_535)));
  static final Setting<String> LOG_LEVEL =
      one(
          new Setting<>(
              TELEMETRY,
              "LOG_LEVEL",
              "Verbosity of the log",
              "info",
              Kind.matching(
                  "trace|debug|info|warn|error", "one of trace, debug, info, warn, error")));

  private Settings() {}

  static List<Setting<?>> all() {
    return Stream.concat(ALL.stream(), TlsSettings.ALL.stream()).toList();
  }

  private static <T> Setting<T> one(Setting<T> setting) {
    ALL.add(setting);
    return setting;
  }
}
