package io.tensorfleet.operator;

import static io.tensorfleet.operator.Setting.Group.TLS;

import io.tensorfleet.operator.tls.TlsFiles;
import io.tensorfleet.operator.tls.TlsFiles.Named;
import io.tensorfleet.operator.tls.TlsFiles.Pair;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The settings of TLS towards orchestrators. */
final class TlsSettings {
  private static final Setting<Path> CA_FILE =
      new Setting<>(
          TLS,
          "ORCHESTRATOR_TLS_CA_FILE",
          "Authorities that orchestrators' certificates must come from, of pools that set"
              + " orchestrator.tls",
          "such pools are not connected",
          Kind.file());
  private static final Setting<Path> CERT_FILE =
      new Setting<>(
          TLS,
          "ORCHESTRATOR_TLS_CERT_FILE",
          "The certificate that the operator shows to them",
          "none",
          Kind.file());
  private static final Setting<Path> KEY_FILE =
      new Setting<>(
          TLS,
          "ORCHESTRATOR_TLS_KEY_FILE",
          "The private key of ORCHESTRATOR_TLS_CERT_FILE",
          "none",
          Kind.file());
  private static final Setting<String> SERVER_NAME =
      new Setting<>(
          TLS,
          "ORCHESTRATOR_TLS_SERVER_NAME",
          "The name that their certificates must be for",
          "the host of the address",
          Kind.matching("[A-Za-z0-9.-]{1,253}", "a host name"));

  static final List<Setting<?>> ALL = List.of(CA_FILE, CERT_FILE, KEY_FILE, SERVER_NAME);

  private TlsSettings() {}

  /** The files, with every mistake in them noted in the environment. */
  static Optional<TlsFiles> in(EnvironmentReader env) {
    Optional<Named> authorities = named(env, CA_FILE);
    Optional<Named> certificate = named(env, CERT_FILE);
    Optional<Named> key = named(env, KEY_FILE);
    Optional<String> serverName = SERVER_NAME.in(env);
    if (certificate.isPresent() != key.isPresent()) {
      env.mistake(
          (certificate.isPresent() ? KEY_FILE : CERT_FILE).name()
              + " is not set, though "
              + (certificate.isPresent() ? CERT_FILE : KEY_FILE).name()
              + " is: accepted is both, or neither.");
    }
    if (authorities.isEmpty() && (certificate.isPresent() || serverName.isPresent())) {
      env.mistake(
          CA_FILE.name()
              + " is not set, though other settings of TLS are: accepted is the file of the"
              + " orchestrators' authorities, or none of them.");
    }
    Optional<Pair> own = certificate.flatMap(c -> key.map(k -> new Pair(c, k)));
    Optional<TlsFiles> files = authorities.map(ca -> new TlsFiles(ca, own, serverName));
    files.ifPresent(f -> f.mistakes(Instant.now()).forEach(env::mistake));
    return files;
  }

  private static Optional<Named> named(EnvironmentReader env, Setting<Path> setting) {
    return setting.in(env).map(path -> new Named(setting.name(), path));
  }
}
