package io.tensorfleet.worker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalRequestTest {

  private static Optional<String> refusal(String host, Optional<String> origin) {
    return new LocalRequest(Optional.of(host), origin).refusal();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:2112", "127.0.0.1:2112", "127.9.0.1", "[::1]:1"})
  void namesOfThisMachineAreTaken(String host) {
    assertThat(refusal(host, Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rebound.example:2112", "localhost.example", "127.0.0.1.example"})
  void anotherNameThatLeadsHereIsRefused(String host) {
    assertThat(refusal(host, Optional.empty()).orElseThrow()).contains("127.0.0.1");
  }

  @Test
  void aRequestWithoutAHostIsRefused() {
    assertThat(new LocalRequest(Optional.empty(), Optional.empty()).refusal()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://page.example", "null", "http://localhost@page.example", "::"})
  void aWebPageOfElsewhereIsRefused(String origin) {
    assertThat(refusal("localhost:2112", Optional.of(origin)).orElseThrow()).contains("origins");
  }

  @Test
  void aWebPageOfThisMachineIsTaken() {
    assertThat(refusal("localhost:2112", Optional.of("http://127.0.0.1:8081"))).isEmpty();
  }
}
