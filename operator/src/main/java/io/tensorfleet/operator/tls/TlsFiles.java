package io.tensorfleet.operator.tls;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The PEM files of TLS towards orchestrators: whom it trusts, and who it is.
 *
 * @param serverName the name that certificates of orchestrators must be for, where it is not the
 *     host of the address
 */
public record TlsFiles(Named authorities, Optional<Pair> own, Optional<String> serverName) {
  /** A file and the variable that names it. */
  public record Named(String variable, Path path) {
    @Override
    public String toString() {
      return variable + "=\"" + path + "\"";
    }
  }

  /** A certificate with those that lead to its authority, and its private key. */
  public record Pair(Named certificate, Named key) {}

  /** What is wrong with these files as they are now. */
  public List<String> mistakes(Instant now) {
    return Credentials.read(this, now) instanceof Credentials.Reading.Wrong(List<String> mistakes)
        ? mistakes
        : List.of();
  }
}
