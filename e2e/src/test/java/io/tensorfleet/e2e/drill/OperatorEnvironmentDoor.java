package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Bad settings of an operator. */
final class OperatorEnvironmentDoor {
  private static final List<String> ADDRESSES =
      List.of("host", "host:", "host:0", "host:65536", ":1", "http://h:1", "a b:1");
  private static final List<String> NUMBERS =
      List.of("-1", "x", "1.5", "0x10", "99999999999", "1 2", "1e3");
  private static final Map<String, List<String>> WRONG =
      Map.ofEntries(
          Map.entry(
              "WATCH_NAMESPACES", List.of("A", "a b", "a,,b", "ü", "x".repeat(64), "a_b", ",")),
          Map.entry("ORCHESTRATOR_ADDRESS", ADDRESSES),
          Map.entry("WORKER_ORCHESTRATOR_ADDRESS", ADDRESSES),
          Map.entry(
              "WORKER_IMAGE",
              List.of("a b", "a\tb", "a\nb", "x".repeat(513), "a :b", "a\u2028b c", "b a")),
          Map.entry(
              "METRICS_PORT", List.of("-1", "65536", "x", "1.5", "0x10", "99999999999", "1 2")),
          Map.entry("LEADER_ELECTION", List.of("yes", "1", "TRUE!", "on", "t", "false,", "ü")),
          Map.entry("LEASE_NAMESPACE", List.of("A", "a b", "a/b", "ü", "x".repeat(64), "a_b", "-")),
          Map.entry(
              "OPERATOR_ID", List.of("a b", "ü", "x".repeat(121), "a/b", "$(id)", "a;b", "a\nb")),
          Map.entry("LOG_LEVEL", List.of("loud", "INFO,", "9", "warning!", "-", "info debug", "ü")),
          Map.entry("API_QPS", NUMBERS),
          Map.entry("API_BURST", NUMBERS),
          Map.entry("API_CONCURRENCY", NUMBERS),
          Map.entry("API_MODE", List.of("apply", "server", "-", "9", "plain,", "ü", "pla in")));

  private OperatorEnvironmentDoor() {}

  static List<Reply> tryAll(Ground ground, int starts) throws Exception {
    return new EnvironmentDoor("operator", Duration.ofMinutes(2), "=\"", WRONG)
        .tryAll(ground, starts);
  }
}
