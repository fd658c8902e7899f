package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tensorfleet.worker.core.Curve;
import io.tensorfleet.worker.core.ProfileAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {

  private static WorkerConfig read(Map<String, String> environment) throws ConfigException {
    return WorkerConfig.fromEnvironment(environment, () -> "fresh-id");
  }

  private static List<String> mistakes(Map<String, String> environment) {
    ConfigException wrong = catchThrowableOfType(ConfigException.class, () -> read(environment));
    return wrong == null ? List.of() : wrong.mistakes();
  }

  @Test
  void anEmptyEnvironmentGivesTheContractsDefaults() throws ConfigException {
    WorkerConfig config = read(Map.of("LOG_LEVEL", ""));
    assertThat(config.identity().workerId()).isEqualTo("fresh-id");
    assertThat(config.identity().queues()).containsExactly("default");
    assertThat(config.network())
        .isEqualTo(
            new WorkerConfig.Network(
                "localhost:50051", "0.0.0.0", 50052, 2112, ProfileAccess.AUTO));
    assertThat(config.work().maxConcurrentTasks()).isEqualTo(3);
    assertThat(config.work().heartbeatInterval()).isEmpty();
    assertThat(config.work().taskTimeout().value()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.work().taskTimeout().explicit()).isFalse();
    assertThat(config.work().drainTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.simulation().speed()).isEqualTo(1.0);
    assertThat(config.simulation().curve()).isEqualTo(Curve.LOOP);
    assertThat(config.log())
        .isEqualTo(new WorkerConfig.Log(WorkerConfig.Level.INFO, WorkerConfig.Format.TEXT));
  }

  @Test
  void allMistakesAreReportedTogetherEachNamingVariableValueAndWhatIsAccepted() {
    Map<String, String> wrong = new HashMap<>();
    wrong.put("WORKER_ID", "a b");
    wrong.put("ORCHESTRATOR_ADDR", "nowhere");
    wrong.put("PORT", "65536");
    wrong.put("METRICS_PORT", "-1");
    wrong.put("HEARTBEAT_INTERVAL", "30");
    wrong.put("TASK_TIMEOUT", "0s");
    wrong.put("MAX_CONCURRENT_TASKS", "1025");
    wrong.put("LOG_LEVEL", "loud");
    wrong.put("BIND_ADDRESS", "a b");
    wrong.put("QUEUES", "Upper");
    wrong.put("LABELS", "novalue");
    wrong.put("DRAIN_TIMEOUT", "-1s");
    wrong.put("SIMULATION_SPEED", "NaN");
    wrong.put("SIMULATION_CURVE", "spiral");
    wrong.put("ENGINE", "steam");
    wrong.put("LOG_FORMAT", "xml");
    wrong.put("CPU_CORES", "0");
    wrong.put("MEMORY_GB", "lots");
    wrong.put("GPU_COUNT", "-1");
    List<String> mistakes = mistakes(wrong);
    assertThat(mistakes).hasSameSizeAs(wrong.keySet());
    wrong.forEach(
        (name, value) ->
            assertThat(mistakes)
                .anySatisfy(
                    line ->
                        assertThat(line)
                            .startsWith(name + ": \"" + value + "\"")
                            .contains("accepted: ")));
  }

  @Test
  void theMainNameWinsOverItsAlias() throws ConfigException {
    WorkerConfig config =
        read(
            Map.of(
                "ORCHESTRATOR_ADDRESS", "dns:///main:1",
                "ORCHESTRATOR_ADDR", "alias:2",
                "WORKER_PORT", "0",
                "PORT", "7"));
    assertThat(config.network().orchestratorAddress()).isEqualTo("dns:///main:1");
    assertThat(config.network().workerPort()).isZero();
    assertThat(read(Map.of("ORCHESTRATOR_ADDR", "alias:2")).network().orchestratorAddress())
        .isEqualTo("alias:2");
  }

  @Test
  void labelsQueuesAndOverridesAreRead() throws ConfigException {
    WorkerConfig config =
        read(
            Map.of(
                "LABELS",
                "zone=a, tier=gold",
                "QUEUES",
                "fast,slow",
                "MEMORY_GB",
                "1.5",
                "GPU_COUNT",
                "2"));
    assertThat(config.identity().labels())
        .containsExactlyInAnyOrderEntriesOf(Map.of("zone", "a", "tier", "gold"));
    assertThat(config.identity().queues()).containsExactly("fast", "slow");
    assertThat(config.machine().memoryBytes()).contains(3L << 29);
    assertThat(config.machine().gpuCount()).contains(2);
  }
}
