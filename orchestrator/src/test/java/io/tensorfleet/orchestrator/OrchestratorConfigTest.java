package io.tensorfleet.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the environment may say. */
class OrchestratorConfigTest {
  @Test
  void anEmptyEnvironmentGivesTheDefaults() {
    OrchestratorConfig config = OrchestratorConfig.fromEnvironment(Map.of());
    assertThat(config.grpcAddress()).isEqualTo(new Address("0.0.0.0", 50051));
    assertThat(config.lease()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.reconnectWindow()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.maxRetries()).isEqualTo(3);
  }

  @Test
  void allMistakesAreToldTogetherOneLineEach() {
    Map<String, String> bad =
        Map.of(
            "LEASE",
            "soon",
            "GRPC_ADDRESS",
            "here:99999",
            "MAX_RETRIES",
            "-1",
            "LOG_LEVEL",
            "loud",
            "DATABASE_URL",
            "x");
    assertThatThrownBy(() -> OrchestratorConfig.fromEnvironment(bad))
        .isInstanceOf(ConfigException.class)
        .satisfies(e -> assertThat(e).message().hasLineCount(5))
        .hasMessageContaining("LEASE='soon': accepted is a duration such as 300ms, 10s or 1m30s")
        .hasMessageContaining("MAX_RETRIES='-1': accepted is 0 to 99");
  }

  @Test
  void aHeartbeatTooSlowForTheLeaseIsRefused() {
    assertThatThrownBy(
            () ->
                OrchestratorConfig.fromEnvironment(
                    Map.of("LEASE", "4s", "HEARTBEAT_INTERVAL", "1.5s")))
        .hasMessageContaining(
            "HEARTBEAT_INTERVAL='1500ms': accepted is at most a third of LEASE (4000ms)");
  }

  @Test
  void durationsAreReadAsGoWritesThem() {
    assertThat(GoDuration.parse("1h2m3.5s")).isEqualTo(Duration.ofMillis(3_723_500));
    assertThat(GoDuration.parse("300ms")).isEqualTo(Duration.ofMillis(300));
  }
}
