package io.tensorfleet.worker.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.worker.tls.Authority.Issued;
import io.tensorfleet.worker.tls.Authority.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialCheckTest {
  private final Authority authority = new Authority("test authority");
  private final Issued own = authority.issue("worker", "localhost");
  @TempDir private Path path;
  private Folder folder = new Folder(Path.of("."));

  @BeforeEach
  void write() throws IOException {
    folder = new Folder(path).trusts(authority).is(own);
  }

  private List<String> mistakes() {
    return folder.all().mistakes(Instant.now());
  }

  private void key(String text) throws IOException {
    Files.writeString(folder.pair().key().path(), text);
  }

  private void certificate(String text) throws IOException {
    Files.writeString(folder.pair().certificate().path(), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void everyUsualKindOfKeyIsReadInEitherForm(String algorithm) throws IOException {
    Issued issued = authority.issue(Span.NOW, algorithm, "worker");
    folder.is(issued);
    assertThat(mistakes()).isEmpty();
    key(issued.olderKeyPem());
    assertThat(mistakes()).isEmpty();
  }

  @Test
  void textAroundTheBlocksAndFurtherCertificatesArePassedOver() throws IOException {
    certificate("# the worker's\r\n" + own.certificatePem() + "\n\n" + authority.pem());
    key(
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
            + own.keyPem());

    assertThat(mistakes()).isEmpty();
  }

  @Test
  void filesThatCannotBeReadAreToldTogether() throws IOException {
    Files.delete(folder.authorities().path());
    Files.delete(folder.pair().key().path());
    Files.delete(folder.pair().certificate().path());
    Files.createDirectory(folder.pair().certificate().path());

    assertThat(mistakes())
        .hasSize(3)
        .contains(
            "TLS_CA_FILE: \"%s\" cannot be read: no such file; accepted: a PEM file that this process may read"
                .formatted(path.resolve("ca.crt")))
        .anyMatch(line -> line.startsWith("TLS_CERT_FILE: ") && line.contains("directory"))
        .anyMatch(line -> line.startsWith("TLS_KEY_FILE: "));
  }

  @Test
  void aFileWithoutEndIsNotReadToItsEnd() {
    TlsFiles endless =
        new TlsFiles(
            java.util.Optional.of(new TlsFiles.Named("TLS_CA_FILE", Path.of("/dev/zero"))),
            java.util.Optional.empty());

    assertThat(endless.mistakes(Instant.now()))
        .singleElement()
        .asString()
        .contains("larger than 1 MiB");
  }

  @Test
  void whatIsNotPemIsToldForEachFile() throws IOException {
    Files.writeString(folder.authorities().path(), "hello");
    certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

    assertThat(mistakes())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("TLS_CA_FILE: ") && line.contains("holds no certificate"))
        .anyMatch(line -> line.startsWith("TLS_CERT_FILE: ") && line.contains("damaged"))
        .anyMatch(line -> line.startsWith("TLS_KEY_FILE: ") && line.contains("damaged"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void aDamagedKeyOfAnOlderFormIsToldAsOne(String kind) throws IOException {
    for (int size = 0; size < 40; size++) {
      byte[] bytes = new byte[size];
      java.util.Arrays.fill(bytes, (byte) 0x30);
      String body = Base64.getEncoder().encodeToString(bytes);
      key(
          "-----BEGIN %1$s PRIVATE KEY-----\n%2$s\n-----END %1$s PRIVATE KEY-----\n"
              .formatted(kind, body));
      assertThat(mistakes()).singleElement().asString().contains("TLS_KEY_FILE: ", "damaged");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A1B\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-128-CBC,0A1B\r\n\r\nAAAA\r\n-----END EC PRIVATE KEY-----\r\n"
      })
  void aKeyUnderAPassphraseIsToldAsOne(String pem) throws IOException {
    key(pem);

    assertThat(mistakes()).singleElement().asString().contains("passphrase");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aKeyThatBelongsToAnotherCertificateIsRefused(String algorithm) throws IOException {
    key(authority.issue(Span.NOW, algorithm, "worker").keyPem());

    assertThat(mistakes())
        .singleElement()
        .asString()
        .startsWith("TLS_KEY_FILE: \"" + path.resolve("tls.key"))
        .contains("does not belong to the certificate in TLS_CERT_FILE: ");
  }

  @Test
  void aCertificateThatIsOverOrNotYetValidIsRefused() throws IOException {
    folder.is(authority.issue(Span.OVER, "EC", "worker"));
    assertThat(mistakes()).singleElement().asString().contains("TLS_CERT_FILE", "expired on");
    folder.is(authority.issue(Span.TO_COME, "EC", "worker"));
    assertThat(mistakes()).singleElement().asString().contains("TLS_CERT_FILE", "not valid before");
  }

  @Test
  void anExpiredAuthorityIsRefusedUnlessAValidOneStandsBesideIt() throws IOException {
    String over = authority.issue(Span.OVER, "EC", "former").certificatePem();
    Files.writeString(folder.authorities().path(), over);
    assertThat(mistakes()).singleElement().asString().contains("TLS_CA_FILE", "expired on");
    Files.writeString(folder.authorities().path(), over + authority.pem());
    assertThat(mistakes()).isEmpty();
  }

  @Test
  void noMistakeShowsWhatAKeyFileHolds() throws IOException {
    key(own.keyPem().replace("PRIVATE KEY", "SECRET"));

    assertThat(mistakes().toString()).doesNotContain(own.keyPem().substring(60, 90));
    assertThat(Contents.of(folder.all()).toString()).doesNotContain("BEGIN");
  }
}
