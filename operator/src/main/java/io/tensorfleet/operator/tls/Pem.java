package io.tensorfleet.operator.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM text; text around the blocks is passed over. */
final class Pem {
  /** A block, with the headers of RFC 1421 that keys under a passphrase have. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----\\s*+((?:[A-Za-z-]{1,40}:[^\\n]*+\\n){0,8}+[^-]*+)-----END \\1-----");

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final String KEYS =
      "a private key in PEM: PKCS #8 (BEGIN PRIVATE KEY), or BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY";

  private Pem() {}

  private record Block(String label, String body) {
    byte[] der() throws PemException {
      try {
        return Base64.getMimeDecoder().decode(body);
      } catch (IllegalArgumentException failure) {
        throw new PemException("holds a damaged block of " + label, "PEM as it was issued");
      }
    }
  }

  private static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  /** At least one certificate, in the order of the text. */
  static List<X509Certificate> certificates(String text) throws PemException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.label.equals("CERTIFICATE")) {
        certificates.add(certificate(block.der()));
      }
    }
    if (certificates.isEmpty()) {
      throw new PemException(
          "holds no certificate", "one or more certificates in PEM (BEGIN CERTIFICATE)");
    }
    return certificates;
  }

  private static X509Certificate certificate(byte[] der) throws PemException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException failure) {
      throw new PemException("holds a damaged certificate", "PEM as it was issued");
    }
  }

  /** The first private key. */
  static PrivateKey privateKey(String text) throws PemException {
    for (Block block : blocks(text)) {
      if (block.label.endsWith("PRIVATE KEY")) {
        if (block.label.startsWith("ENCRYPTED") || block.body.contains("ENCRYPTED")) {
          throw new PemException("holds a key under a passphrase", KEYS + ", without a passphrase");
        }
        return privateKey(pkcs8(block));
      }
    }
    throw new PemException("holds no private key", KEYS);
  }

  private static byte[] pkcs8(Block block) throws PemException {
    try {
      return switch (block.label) {
        case "PRIVATE KEY" -> block.der();
        case "RSA PRIVATE KEY" -> Der.pkcs8OfRsa(block.der());
        case "EC PRIVATE KEY" -> Der.pkcs8OfEc(block.der());
        default -> throw new PemException("holds a key of the kind " + block.label, KEYS);
      };
    } catch (IllegalArgumentException failure) {
      throw new PemException("holds a damaged private key", KEYS);
    }
  }

  private static PrivateKey privateKey(byte[] pkcs8) throws PemException {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException _) {
        // not of this algorithm
      }
    }
    throw new PemException("holds a damaged private key, or one of an unknown kind", KEYS);
  }
}
