package io.tensorfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tensorfleet.operator.limit.ApiLimits;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorConfigTest {
  @Test
  void anEmptyEnvironmentGivesTheDefaults() {
    OperatorConfig config = OperatorConfig.fromEnvironment(Map.of());

    assertThat(config.watchNamespaces()).isEmpty();
    assertThat(config.orchestratorAddress()).isEqualTo("localhost:50051");
    assertThat(config.workerImage()).isEqualTo("tensorfleet-worker:latest");
    assertThat(config.metricsPort()).isEqualTo(8081);
    assertThat(config.leaderElection()).isFalse();
    assertThat(config.apiMode()).isEqualTo(ApiMode.EXACT);
    assertThat(config.apiLimits()).isEqualTo(new ApiLimits(1_000, 2_000, 32));
  }

  @Test
  void theLimitsOfTheApiServerCanBeSetOneByOne() {
    var slow = OperatorConfig.fromEnvironment(Map.of("API_QPS", "20", "API_BURST", "30"));
    var narrow = OperatorConfig.fromEnvironment(Map.of("API_CONCURRENCY", "4"));

    assertThat(slow.apiLimits()).isEqualTo(new ApiLimits(20, 30, 32));
    assertThat(narrow.apiLimits()).isEqualTo(new ApiLimits(1_000, 2_000, 4));
    assertThatThrownBy(() -> OperatorConfig.fromEnvironment(Map.of("API_QPS", "0")))
        .hasMessage("API_QPS=\"0\": accepted is a whole number from 1 to 100000.");
  }

  @Test
  void workersConnectToTheSameAddressUnlessAnotherIsNamed() {
    var same = OperatorConfig.fromEnvironment(Map.of("ORCHESTRATOR_ADDRESS", "queue:1"));
    var other =
        OperatorConfig.fromEnvironment(
            Map.of("ORCHESTRATOR_ADDRESS", "queue:1", "WORKER_ORCHESTRATOR_ADDRESS", "q.svc:2"));

    assertThat(same.workerOrchestratorAddress()).isEqualTo("queue:1");
    assertThat(other.workerOrchestratorAddress()).isEqualTo("q.svc:2");
  }

  @Test
  void namespacesAreSeparatedByCommas() {
    assertThat(
            OperatorConfig.fromEnvironment(Map.of("WATCH_NAMESPACES", "a, b,c")).watchNamespaces())
        .containsExactly("a", "b", "c");
  }

  @Test
  void allMistakesAreToldTogetherWithVariableValueAndWhatIsAccepted() {
    var wrong =
        Map.of(
            "WATCH_NAMESPACES", "Not_One",
            "ORCHESTRATOR_ADDRESS", "nowhere",
            "METRICS_PORT", "70000",
            "LEADER_ELECTION", "maybe",
            "LOG_LEVEL", "loud\nforged line",
            "API_MODE", "magic");

    assertThatThrownBy(() -> OperatorConfig.fromEnvironment(wrong))
        .isInstanceOf(EnvironmentMistakes.class)
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines())
                    .hasSize(6)
                    .allMatch(l -> l.contains("accepted is")))
        .hasMessageContaining("METRICS_PORT=\"70000\": accepted is a whole number from 0 to 65535.")
        .hasMessageContaining("API_MODE=\"magic\": accepted is one of exact, plain.");
  }
}
