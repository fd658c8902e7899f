package io.tensorfleet.worker.tls;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Says in words what kept two sides from a connection, where TLS or its absence is the reason. */
public final class TlsWords {
  /** What a plaintext client hears of a server that waits for TLS, by how the two race. */
  private static final List<String> CLOSED_AT_ONCE =
      List.of(
          "Network closed for unknown reason",
          "First received frame was not SETTINGS",
          "Connection reset",
          "Broken pipe");

  private static final String ALERT = "Received fatal alert: ";

  private TlsWords() {}

  /** For a connection to the orchestrator in TLS. */
  public static Status secured(Status status) {
    return Stream.<Throwable>iterate(
            status.getCause(), cause -> cause != null, cause -> cause.getCause())
        .flatMap(cause -> words(cause).stream())
        .reduce((_, inner) -> inner)
        .map(words -> status.withCause(null).withDescription(words))
        .orElse(status);
  }

  /** For a connection to the orchestrator in plaintext on which nothing came. */
  public static Status plain(Status status) {
    String told = status.getDescription() + " " + Optional.ofNullable(status.getCause());
    return CLOSED_AT_ONCE.stream().anyMatch(told::contains)
        ? status.withDescription(
            "the other side closed this plaintext connection at once: where it speaks TLS, set TLS_CA_FILE")
        : status;
  }

  private static Optional<String> words(Throwable cause) {
    return switch (cause) {
      case NotSslRecordException _ ->
          Optional.of(
              "the orchestrator answers in plaintext, and TLS_CA_FILE asks for TLS: turn TLS on there, or unset TLS_CA_FILE");
      case CertificateExpiredException _ ->
          Optional.of(
              "the orchestrator's certificate has expired (%s)".formatted(cause.getMessage()));
      case CertificateNotYetValidException _ ->
          Optional.of(
              "the orchestrator's certificate is not valid yet (%s)".formatted(cause.getMessage()));
      case CertPathBuilderException _ ->
          Optional.of(
              "the orchestrator's certificate does not come from an authority in TLS_CA_FILE");
      case CertificateException _ when String.valueOf(cause.getMessage()).startsWith("No ") ->
          Optional.of(
              "the orchestrator's certificate is for another name (%s): set TLS_SERVER_NAME to the name that it is for"
                  .formatted(cause.getMessage()));
      case SSLException _ -> refused(String.valueOf(cause.getMessage()));
      default -> Optional.empty();
    };
  }

  private static Optional<String> refused(String message) {
    int at = message.indexOf(ALERT);
    if (at < 0) {
      return Optional.empty();
    }
    String alert = message.substring(at + ALERT.length());
    boolean ours = alert.contains("certificate") || alert.contains("unknown_ca");
    return Optional.of(
        ours
            ? "the orchestrator demands a certificate from an authority that it trusts, and refused this worker's (%s): see TLS_CERT_FILE and TLS_KEY_FILE"
                .formatted(alert)
            : "the orchestrator broke the TLS handshake off (%s)".formatted(alert));
  }
}
