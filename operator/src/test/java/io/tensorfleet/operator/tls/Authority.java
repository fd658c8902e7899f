package io.tensorfleet.operator.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority in the test's hand. */
public final class Authority {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final KeyPair keys = keys("EC");
  private final X500Principal name;
  private final X509Certificate certificate;

  /** When a certificate holds, from now. */
  public record Span(Duration from, Duration until) {
    public static final Span NOW = new Span(Duration.ofDays(-1), Duration.ofDays(1));
    public static final Span LONG = new Span(Duration.ofDays(-30), Duration.ofDays(30));
    public static final Span OVER = new Span(Duration.ofDays(-2), Duration.ofDays(-1));
    public static final Span TO_COME = new Span(Duration.ofDays(1), Duration.ofDays(2));
  }

  /** A certificate and its keys. */
  public record Issued(X509Certificate certificate, KeyPair keys) {
    /** The key as PKCS #8. */
    public String keyPem() throws IOException {
      return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
    }

    /** The key in the form of its algorithm's own, older standard. */
    public String olderKeyPem() throws IOException {
      if (!(keys.getPrivate() instanceof ECPrivateKey key)) {
        return pem(keys.getPrivate());
      }
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
      var older =
          new org.bouncycastle.asn1.sec.ECPrivateKey(
              key.getParams().getOrder().bitLength(),
              key.getS(),
              info.getPrivateKeyAlgorithm().getParameters());
      return pem(new PemObject("EC PRIVATE KEY", older.getEncoded()));
    }

    public String certificatePem() throws IOException {
      return pem(certificate);
    }

    /** Writes certificate and key, each in one step. */
    public void write(Path certificate, Path key) throws IOException {
      replace(certificate, certificatePem());
      replace(key, keyPem());
    }
  }

  public Authority(String name) {
    this.name = new X500Principal("CN=" + name);
    this.certificate = sign(this.name, keys, Span.LONG, new String[0]);
  }

  public String pem() throws IOException {
    return pem(certificate);
  }

  /** A certificate for these host names, made with a key of {@code EC}. */
  public Issued issue(String name, String... hosts) {
    return issue(Span.NOW, "EC", name, hosts);
  }

  public Issued issue(Span span, String algorithm, String name, String... hosts) {
    KeyPair own = keys(algorithm);
    return new Issued(sign(new X500Principal("CN=" + name), own, span, hosts), own);
  }

  private static KeyPair keys(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private X509Certificate sign(X500Principal subject, KeyPair own, Span span, String[] hosts) {
    Instant now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.plus(span.from())),
              Date.from(now.plus(span.until())),
              subject,
              own.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(subject.equals(name)));
      if (hosts.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException | OperatorCreationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static GeneralNames names(String[] hosts) {
    GeneralName[] names = new GeneralName[hosts.length];
    for (int i = 0; i < hosts.length; i++) {
      boolean address = hosts[i].matches("[0-9.]+");
      names[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, hosts[i]);
    }
    return new GeneralNames(names);
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** As a careful program, or a Kubernetes volume, does it: no reader sees half a file. */
  public static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
