package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.worker.core.SimulationParameter;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ReferencePageTest {
  private static final Path COMMITTED = Path.of("../docs/reference/worker.md");

  /** What holds where these are not set is no value of theirs. */
  private static final Set<String> IN_WORDS =
      Set.of(
          "WORKER_ID",
          "LABELS",
          "HEARTBEAT_INTERVAL",
          "HAND_BACK_AFTER",
          "CPU_CORES",
          "MEMORY_GB",
          "GPU_COUNT",
          "CUDA_VISIBLE_DEVICES");

  static final List<SimulationParameter> PARAMETERS = SimulationParameter.ALL;

  private static String index() throws Exception {
    WorkerConfig config =
        WorkerConfig.fromEnvironment(
            Map.of(
                "BIND_ADDRESS", "127.0.0.1",
                "ORCHESTRATOR_ADDRESS", "127.0.0.1:1",
                "WORKER_PORT", "0",
                "METRICS_PORT", "0"),
            () -> "reference");
    try (Worker worker = Worker.start(config);
        InputStream page =
            URI.create("http://127.0.0.1:" + worker.httpPort() + "/").toURL().openStream()) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theCommittedPageIsWhatTheCodeMakes() throws Exception {
    String made = new ReferencePage(index()).text();
    if (Boolean.getBoolean("reference.update")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, made);
    }
    assertThat(Files.readString(COMMITTED))
        .as("%s differs from the code: run `make reference` and commit it", COMMITTED)
        .isEqualTo(made);
  }

  @Test
  void theDefaultsThatAreToldAreTheOnesThatHold() throws ConfigException {
    Map<String, String> told = new HashMap<>();
    Settings.all().stream()
        .filter(setting -> setting.group() != Setting.Group.TLS)
        .filter(setting -> !IN_WORDS.contains(setting.name()))
        .forEach(setting -> told.put(setting.name(), setting.absent()));
    WorkerConfig asTold = WorkerConfig.fromEnvironment(told, () -> "id");
    WorkerConfig asAbsent = WorkerConfig.fromEnvironment(Map.of(), () -> "id");
    assertThat(asTold)
        .usingRecursiveComparison()
        .ignoringFields("work.taskTimeout.explicit")
        .isEqualTo(asAbsent);
  }

  @Test
  void noVariableIsDeclaredTwice() {
    assertThat(
            Settings.all().stream()
                .flatMap(setting -> setting.names().stream())
                .collect(Collectors.toList()))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @FieldSource("PARAMETERS")
  void eachHyperparameterThatIsToldIsRead(SimulationParameter parameter) {
    assertThat(ReferencePage.accepted(parameter)).isNotEqualTo("anything");
  }
}
