package io.tensorfleet.worker.tls;

import io.tensorfleet.worker.tls.Credentials.Identity;
import io.tensorfleet.worker.tls.TlsFiles.Named;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes credentials of what the files hold, or tells all that is wrong with them. */
final class CredentialCheck {
  private final Contents contents;
  private final Instant now;
  private final List<String> mistakes;

  /** Credentials that can be used, or why there are none. */
  sealed interface Checked {}

  record Good(Credentials credentials) implements Checked {}

  record Wrong(List<String> mistakes) implements Checked {
    Wrong {
      mistakes = List.copyOf(mistakes);
    }
  }

  private CredentialCheck(Contents contents, Instant now) {
    this.contents = contents;
    this.now = now;
    this.mistakes = new ArrayList<>(contents.mistakes());
  }

  static Checked of(TlsFiles files, Contents contents, Instant now) {
    CredentialCheck check = new CredentialCheck(contents, now);
    List<X509Certificate> authorities =
        files.authorities().map(check::authorities).orElse(List.of());
    Optional<Identity> identity = files.pair().flatMap(check::identity);
    return check.mistakes.isEmpty()
        ? new Good(new Credentials(authorities, identity))
        : new Wrong(check.mistakes);
  }

  private List<X509Certificate> authorities(Named file) {
    List<X509Certificate> found = read(file, Pem::certificates).orElse(List.of());
    if (!found.isEmpty() && found.stream().noneMatch(this::isValid)) {
      mistakes.add(file + " " + notValid(found.getFirst()) + "; accepted: one that is valid now");
    }
    return found;
  }

  private Optional<Identity> identity(TlsFiles.Pair pair) {
    Optional<List<X509Certificate>> chain = read(pair.certificate(), Pem::certificates);
    Optional<PrivateKey> key = read(pair.key(), Pem::privateKey);
    chain
        .map(List::getFirst)
        .filter(own -> !isValid(own))
        .ifPresent(
            own ->
                mistakes.add(
                    "%s %s; accepted: one that is valid now"
                        .formatted(pair.certificate(), notValid(own))));
    if (chain.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    Identity identity = new Identity(chain.get(), key.get());
    if (!belongTogether(identity.own().getPublicKey(), identity.key())) {
      mistakes.add(
          "%s does not belong to the certificate in %s; accepted: the key that it was issued for"
              .formatted(pair.key(), pair.certificate()));
    }
    return Optional.of(identity);
  }

  private interface Reader<T> {
    T read(String text) throws PemException;
  }

  private <T> Optional<T> read(Named file, Reader<T> reader) {
    if (!contents.texts().containsKey(file.variable())) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(contents.text(file)));
    } catch (PemException wrong) {
      mistakes.add(file + " " + wrong.getMessage());
      return Optional.empty();
    }
  }

  private boolean isValid(X509Certificate certificate) {
    return !now.isAfter(certificate.getNotAfter().toInstant())
        && !now.isBefore(certificate.getNotBefore().toInstant());
  }

  private String notValid(X509Certificate certificate) {
    boolean late = now.isAfter(certificate.getNotAfter().toInstant());
    return "holds the certificate %s, which %s %s"
        .formatted(
            certificate.getSubjectX500Principal(),
            late ? "expired on" : "is not valid before",
            (late ? certificate.getNotAfter() : certificate.getNotBefore()).toInstant());
  }

  /** Whether what the one signs the other verifies. */
  private static boolean belongTogether(PublicKey open, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update((byte) 1);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update((byte) 1);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
