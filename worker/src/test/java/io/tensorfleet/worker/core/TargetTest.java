package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:50051", "127.0.0.1:1", "127.9.8.7:1", "dns:///localhost:1", "[::1]:1"})
  void thisMachineIsLoopback(String target) {
    assertThat(Target.isLoopback(target)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orchestrator:50051",
        "10.0.0.1:1",
        "127.evil.example:1",
        "dns:///localhost.example:1",
        "[::2]:1"
      })
  void whateverElseIsNot(String target) {
    assertThat(Target.isLoopback(target)).isFalse();
  }
}
