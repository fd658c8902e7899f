package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tensorfleet.worker.tls.Authority;
import io.tensorfleet.worker.tls.Folder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSettingsTest {
  @TempDir private Path path;

  @BeforeEach
  void write() throws Exception {
    Authority authority = new Authority("fleet");
    new Folder(path).trusts(authority).is(authority.issue("worker", "localhost"));
  }

  private String file(String name) {
    return path.resolve(name).toString();
  }

  private static WorkerConfig read(Map<String, String> environment) throws ConfigException {
    return WorkerConfig.fromEnvironment(environment, () -> "fresh-id");
  }

  private static List<String> mistakes(Map<String, String> environment) {
    ConfigException wrong = catchThrowableOfType(ConfigException.class, () -> read(environment));
    return wrong == null ? List.of() : wrong.mistakes();
  }

  @Test
  void withoutAFileBothSidesArePlaintext() throws Exception {
    WorkerConfig.Tls tls = read(Map.of()).tls();

    assertThat(tls.client()).isEmpty();
    assertThat(tls.server()).isEmpty();
  }

  @Test
  void allFilesTogetherAreMutualTlsOnBothSides() throws Exception {
    WorkerConfig.Tls tls =
        read(Map.of(
                "TLS_CA_FILE", file("ca.crt"),
                "TLS_CERT_FILE", file("tls.crt"),
                "TLS_KEY_FILE", file("tls.key"),
                "TLS_SERVER_NAME", "orchestrator.example",
                "SERVER_TLS_CERT_FILE", file("tls.crt"),
                "SERVER_TLS_KEY_FILE", file("tls.key"),
                "SERVER_TLS_CLIENT_CA_FILE", file("ca.crt")))
            .tls();

    assertThat(tls.client().orElseThrow().authorities()).isPresent();
    assertThat(tls.client().orElseThrow().pair()).isPresent();
    assertThat(tls.serverName()).contains("orchestrator.example");
    assertThat(tls.server().orElseThrow().authorities()).isPresent();
    assertThat(tls.server().orElseThrow().pair()).isPresent();
  }

  @Test
  void theAuthorityAloneIsTlsWithoutAClientCertificate() throws Exception {
    WorkerConfig.Tls tls = read(Map.of("TLS_CA_FILE", file("ca.crt"))).tls();

    assertThat(tls.client().orElseThrow().pair()).isEmpty();
  }

  @Test
  void halfAPairIsAMistakeThatNamesTheOtherHalf() {
    assertThat(
            mistakes(
                Map.of(
                    "TLS_CA_FILE", file("ca.crt"),
                    "TLS_KEY_FILE", file("tls.key"),
                    "SERVER_TLS_CERT_FILE", file("tls.crt"))))
        .containsExactly(
            "TLS_CERT_FILE: not set, though TLS_KEY_FILE is; accepted: both, or neither",
            "SERVER_TLS_KEY_FILE: not set, though SERVER_TLS_CERT_FILE is; accepted: both, or neither");
  }

  @Test
  void whatWouldSilentlyStayPlaintextIsAMistake() {
    assertThat(mistakes(Map.of("TLS_CERT_FILE", file("tls.crt"), "TLS_KEY_FILE", file("tls.key"))))
        .singleElement()
        .asString()
        .startsWith("TLS_CA_FILE: not set, though TLS_CERT_FILE is; accepted: ");
    assertThat(mistakes(Map.of("TLS_SERVER_NAME", "orchestrator")))
        .singleElement()
        .asString()
        .startsWith("TLS_CA_FILE: not set, though TLS_SERVER_NAME is; accepted: ");
    assertThat(mistakes(Map.of("SERVER_TLS_CLIENT_CA_FILE", file("ca.crt"))))
        .singleElement()
        .asString()
        .startsWith(
            "SERVER_TLS_CERT_FILE: not set, though SERVER_TLS_CLIENT_CA_FILE is; accepted: ");
  }

  @Test
  void filesThatCannotBeUsedAreToldWithAllOtherMistakes() {
    assertThat(
            mistakes(
                Map.of(
                    "LOG_LEVEL", "loud",
                    "TLS_CA_FILE", file("absent.crt"),
                    "SERVER_TLS_CERT_FILE", file("tls.key"),
                    "SERVER_TLS_KEY_FILE", file("tls.crt"))))
        .hasSize(4)
        .anyMatch(line -> line.startsWith("LOG_LEVEL: "))
        .anyMatch(line -> line.startsWith("TLS_CA_FILE: \"%s\" ".formatted(file("absent.crt"))))
        .anyMatch(
            line ->
                line.startsWith("SERVER_TLS_CERT_FILE: ") && line.contains("holds no certificate"))
        .anyMatch(
            line ->
                line.startsWith("SERVER_TLS_KEY_FILE: ") && line.contains("holds no private key"));
  }
}
