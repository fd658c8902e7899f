package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Bad settings of a worker. */
final class WorkerEnvironmentDoor {
  private static final List<String> DURATIONS =
      List.of("0s", "-5s", "soon", "10", "1h-5m", "9999999999h", "1.5");
  private static final Map<String, List<String>> WRONG =
      Map.ofEntries(
          Map.entry(
              "WORKER_ID", List.of("a b", "ü", "x".repeat(254), "a/b", "$(id)", "a;b", "a\nb")),
          Map.entry("QUEUES", List.of("A", "a b", "a,,b", "ü", "x".repeat(64), "a_b", ",")),
          Map.entry(
              "LABELS", List.of("a", "=b", "a=b c", "a=b,", "a=" + "x".repeat(64), "ü=1", ",")),
          Map.entry(
              "ORCHESTRATOR_ADDRESS",
              List.of("host", "host:", "host:0", "host:65536", ":1", "http://h:1", "a b:1")),
          Map.entry("BIND_ADDRESS", List.of("a b", "[::1", "1.2.3.4/8", "ü", "a/b", "*", "a,b")),
          Map.entry(
              "WORKER_PORT", List.of("-1", "65536", "x", "1.5", "0x10", "99999999999", "1 2")),
          Map.entry(
              "METRICS_PORT", List.of("-1", "65536", "x", "1.5", "0x10", "99999999999", "1 2")),
          Map.entry("HEARTBEAT_INTERVAL", DURATIONS),
          Map.entry("TASK_TIMEOUT", DURATIONS),
          Map.entry("DRAIN_TIMEOUT", DURATIONS),
          Map.entry("MAX_CONCURRENT_TASKS", List.of("0", "1025", "-1", "x", "1.5", "1e2", "3 3")),
          Map.entry("LOG_LEVEL", List.of("loud", "INFO,", "9", "warning!", "-", "info debug", "ü")),
          Map.entry("LOG_FORMAT", List.of("xml", "json,", "9", "te xt", "-", "logfmt", "ü")),
          Map.entry("ENGINE", List.of("magic", "9", "simulation,", "-", "sim", "gpu", "ü")),
          Map.entry(
              "SIMULATION_SPEED", List.of("-1", "1001", "fast", "NaN", "1,5", "1e9", "Infinity")),
          Map.entry("CPU_CORES", List.of("0", "-1", "x", "1.5", "65537", "2 cores", "1e2")),
          Map.entry("GPU_COUNT", List.of("-1", "x", "1.5", "1025", "one", "2 2", "1e1")));

  private WorkerEnvironmentDoor() {}

  static List<Reply> tryAll(Ground ground, int starts) throws Exception {
    return new EnvironmentDoor("worker", Duration.ofSeconds(60), ": ", WRONG)
        .tryAll(ground, starts);
  }
}
