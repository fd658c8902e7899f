package io.tensorfleet.worker.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What one side trusts and who it is.
 *
 * @param authorities empty where the other side shows no certificate
 */
record Credentials(List<X509Certificate> authorities, Optional<Identity> identity) {
  Credentials {
    authorities = List.copyOf(authorities);
  }

  /** A certificate, then those that lead to its authority, and its key. */
  record Identity(List<X509Certificate> chain, PrivateKey key) {
    Identity {
      chain = List.copyOf(chain);
    }

    X509Certificate own() {
      return chain.getFirst();
    }

    /** Shows no key. */
    @Override
    public String toString() {
      return "%s, valid until %s"
          .formatted(own().getSubjectX500Principal(), own().getNotAfter().toInstant());
    }
  }
}
