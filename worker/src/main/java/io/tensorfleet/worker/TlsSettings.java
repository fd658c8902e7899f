package io.tensorfleet.worker;

import io.tensorfleet.worker.tls.TlsFiles;
import io.tensorfleet.worker.tls.TlsFiles.Named;
import io.tensorfleet.worker.tls.TlsFiles.Pair;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of TLS, on the connection to the orchestrator and on the worker's own gRPC. */
final class TlsSettings {
  static final Setting<Path> TLS_CA_FILE =
      file(
          "TLS_CA_FILE",
          "Authorities that the orchestrator's certificate must come from; set, the connection is TLS",
          "the connection is plaintext");
  static final Setting<Path> TLS_CERT_FILE =
      file("TLS_CERT_FILE", "The certificate that the worker shows to the orchestrator", "none");
  static final Setting<Path> TLS_KEY_FILE =
      file("TLS_KEY_FILE", "The private key of TLS_CERT_FILE", "none");
  static final Setting<String> TLS_SERVER_NAME =
      Setting.of(
          Setting.Group.TLS,
          "TLS_SERVER_NAME",
          "The name that the orchestrator's certificate must be for",
          "the host of ORCHESTRATOR_ADDRESS",
          Kind.matching(Pattern.compile("[A-Za-z0-9.-]{1,253}"), "a host name"));
  static final Setting<Path> SERVER_TLS_CERT_FILE =
      file(
          "SERVER_TLS_CERT_FILE",
          "The certificate of the worker's own gRPC server; set, that server speaks TLS alone",
          "the server speaks plaintext");
  static final Setting<Path> SERVER_TLS_KEY_FILE =
      file("SERVER_TLS_KEY_FILE", "The private key of SERVER_TLS_CERT_FILE", "none");
  static final Setting<Path> SERVER_TLS_CLIENT_CA_FILE =
      file(
          "SERVER_TLS_CLIENT_CA_FILE",
          "Authorities that callers' certificates must come from; set, callers must show one",
          "callers show none");

  private TlsSettings() {}

  static List<Setting<?>> all() {
    return List.of(
        TLS_CA_FILE,
        TLS_CERT_FILE,
        TLS_KEY_FILE,
        TLS_SERVER_NAME,
        SERVER_TLS_CERT_FILE,
        SERVER_TLS_KEY_FILE,
        SERVER_TLS_CLIENT_CA_FILE);
  }

  private static Setting<Path> file(String name, String meaning, String absent) {
    return Setting.of(
        Setting.Group.TLS,
        name,
        meaning,
        absent,
        new Kind<>("the path of a PEM file", TlsSettings::path));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /** Both sides' files, with every mistake in them noted in the environment. */
  static WorkerConfig.Tls in(Environment env) {
    Optional<Pair> own = pair(env, TLS_CERT_FILE, TLS_KEY_FILE);
    Optional<Named> trusted = named(env, TLS_CA_FILE);
    Optional<String> serverName = TLS_SERVER_NAME.in(env);
    if (trusted.isEmpty() && (own.isPresent() || serverName.isPresent())) {
      env.mistake(
          "TLS_CA_FILE: not set, though %s is; accepted: the file of the orchestrator's authorities, or neither"
              .formatted(own.isPresent() ? "TLS_CERT_FILE" : "TLS_SERVER_NAME"));
    }
    Optional<Pair> shown = pair(env, SERVER_TLS_CERT_FILE, SERVER_TLS_KEY_FILE);
    Optional<Named> callers = named(env, SERVER_TLS_CLIENT_CA_FILE);
    if (shown.isEmpty() && callers.isPresent()) {
      env.mistake(
          "SERVER_TLS_CERT_FILE: not set, though SERVER_TLS_CLIENT_CA_FILE is; accepted: the server's own certificate with its key, or neither");
    }
    return new WorkerConfig.Tls(
        trusted.map(ca -> checked(env, new TlsFiles(Optional.of(ca), own))),
        serverName,
        shown.map(pair -> checked(env, new TlsFiles(callers, Optional.of(pair)))));
  }

  private static Optional<Named> named(Environment env, Setting<Path> setting) {
    return setting.in(env).map(path -> new Named(setting.name(), path));
  }

  private static Optional<Pair> pair(Environment env, Setting<Path> first, Setting<Path> second) {
    Optional<Named> certificate = named(env, first);
    Optional<Named> key = named(env, second);
    if (certificate.isPresent() != key.isPresent()) {
      env.mistake(
          "%s: not set, though %s is; accepted: both, or neither"
              .formatted(
                  certificate.isPresent() ? second.name() : first.name(),
                  certificate.isPresent() ? first.name() : second.name()));
    }
    return certificate.flatMap(c -> key.map(k -> new Pair(c, k)));
  }

  private static TlsFiles checked(Environment env, TlsFiles files) {
    files.mistakes(Instant.now()).forEach(env::mistake);
    return files;
  }
}
