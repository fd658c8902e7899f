package io.tensorfleet.operator.tls;

import io.tensorfleet.operator.tls.TlsFiles.Named;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the operator trusts and who it is, as its files said at one moment. */
record Credentials(List<X509Certificate> authorities, Optional<Identity> identity) {
  private static final int MOST_BYTES = 1 << 20;

  Credentials {
    authorities = List.copyOf(authorities);
  }

  /** A certificate, then those that lead to its authority, and its key. */
  record Identity(List<X509Certificate> chain, PrivateKey key) {
    Identity {
      chain = List.copyOf(chain);
    }

    /** Shows no key. */
    @Override
    public String toString() {
      X509Certificate own = chain.getFirst();
      return own.getSubjectX500Principal() + ", valid until " + own.getNotAfter().toInstant();
    }
  }

  /** Credentials that can be used, or all that is wrong with the files. */
  sealed interface Reading {
    record Good(Credentials credentials) implements Reading {}

    record Wrong(List<String> mistakes) implements Reading {}
  }

  static Reading read(TlsFiles files, Instant now) {
    List<String> mistakes = new ArrayList<>();
    Optional<List<X509Certificate>> trusted =
        from(files.authorities(), Pem::certificates, mistakes);
    Optional<Identity> identity = files.own().flatMap(pair -> identity(pair, mistakes));
    identity.ifPresent(own -> validity(files, own, now).ifPresent(mistakes::add));
    return trusted.isPresent() && mistakes.isEmpty()
        ? new Reading.Good(new Credentials(trusted.get(), identity))
        : new Reading.Wrong(List.copyOf(mistakes));
  }

  private static Optional<Identity> identity(TlsFiles.Pair pair, List<String> mistakes) {
    Optional<List<X509Certificate>> chain = from(pair.certificate(), Pem::certificates, mistakes);
    Optional<PrivateKey> key = from(pair.key(), Pem::privateKey, mistakes);
    if (chain.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    if (!belongTogether(chain.get().getFirst(), key.get())) {
      mistakes.add(
          pair.key()
              + " does not belong to the certificate in "
              + pair.certificate()
              + ": accepted is the key that it was issued for.");
    }
    return Optional.of(new Identity(chain.get(), key.get()));
  }

  private static Optional<String> validity(TlsFiles files, Identity own, Instant now) {
    X509Certificate first = own.chain().getFirst();
    boolean valid =
        !now.isBefore(first.getNotBefore().toInstant())
            && !now.isAfter(first.getNotAfter().toInstant());
    return valid
        ? Optional.empty()
        : files
            .own()
            .map(
                pair ->
                    pair.certificate()
                        + " holds the certificate "
                        + own
                        + ", which is not valid now: accepted is one that is.");
  }

  private interface Reader<T> {
    T read(String text) throws PemException;
  }

  private static <T> Optional<T> from(Named file, Reader<T> reader, List<String> mistakes) {
    try {
      return Optional.of(reader.read(load(file)));
    } catch (NoSuchFileException e) {
      mistakes.add(file + ": there is no such file.");
    } catch (IOException e) {
      mistakes.add(file + " cannot be read: " + e.getMessage() + ".");
    } catch (PemException e) {
      mistakes.add(file + " " + e.getMessage());
    }
    return Optional.empty();
  }

  private static String load(Named file) throws IOException {
    try (InputStream in = Files.newInputStream(file.path())) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("it is larger than 1 MiB");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** Whether what the one signs the other verifies. */
  private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update((byte) 1);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update((byte) 1);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
