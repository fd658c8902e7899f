package io.tensorfleet.worker.tls;

import io.tensorfleet.worker.tls.Authority.Issued;
import io.tensorfleet.worker.tls.TlsFiles.Named;
import io.tensorfleet.worker.tls.TlsFiles.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder with one side's PEM files: ca.crt, tls.crt and tls.key. */
public record Folder(Path path) {
  Named authorities() {
    return new Named("TLS_CA_FILE", path.resolve("ca.crt"));
  }

  Pair pair() {
    return new Pair(
        new Named("TLS_CERT_FILE", path.resolve("tls.crt")),
        new Named("TLS_KEY_FILE", path.resolve("tls.key")));
  }

  TlsFiles all() {
    return new TlsFiles(Optional.of(authorities()), Optional.of(pair()));
  }

  TlsFiles pairOnly() {
    return new TlsFiles(Optional.empty(), Optional.of(pair()));
  }

  TlsFiles authoritiesOnly() {
    return new TlsFiles(Optional.of(authorities()), Optional.empty());
  }

  public Folder trusts(Authority authority) throws IOException {
    Authority.replace(authorities().path(), authority.pem());
    return this;
  }

  public Folder is(Issued issued) throws IOException {
    issued.write(pair().certificate().path(), pair().key().path());
    return this;
  }
}
