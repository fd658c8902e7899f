package io.tensorfleet.worker.tls;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The PEM files of one side: whom it trusts, and who it is.
 *
 * @param authorities certificates of those who sign what the other side shows
 */
public record TlsFiles(Optional<Named> authorities, Optional<Pair> pair) {

  /** A file and the variable that names it. */
  public record Named(String variable, Path path) {
    @Override
    public String toString() {
      return "%s: \"%s\"".formatted(variable, path);
    }
  }

  /** A certificate with those that lead to its authority, and its private key. */
  public record Pair(Named certificate, Named key) {}

  /** All mistakes in these files as they are now, a line each. */
  public List<String> mistakes(Instant now) {
    return switch (CredentialCheck.of(this, Contents.of(this), now)) {
      case CredentialCheck.Good _ -> List.of();
      case CredentialCheck.Wrong(List<String> mistakes) -> mistakes;
    };
  }

  Stream<Named> all() {
    return Stream.concat(
        authorities.stream(), pair.stream().flatMap(p -> Stream.of(p.certificate, p.key)));
  }
}
