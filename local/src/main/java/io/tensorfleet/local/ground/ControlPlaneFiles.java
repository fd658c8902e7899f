package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tensorfleet.local.process.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * The files of a control plane: keys, token, kubeconfig. Kept from run to run, readable by the
 * owner only.
 */
final class ControlPlaneFiles {
  private final Path folder;

  ControlPlaneFiles(Path folder) {
    this.folder = folder;
  }

  Path folder(String name) {
    return folder.resolve(name);
  }

  /** The key that signs the tokens of service accounts. */
  Path serviceAccountKey() {
    return once("service-account.key", ControlPlaneFiles::newKey);
  }

  /** The file that gives the bearer of {@link #token} all rights. */
  Path tokens() {
    return once("tokens.csv", () -> newToken() + ",admin,admin,system:masters\n");
  }

  String token() {
    String line = read(tokens());
    return line.substring(0, line.indexOf(','));
  }

  Path serverCertificate() {
    return folder.resolve("certs").resolve("apiserver.crt");
  }

  /** Writes a kubeconfig for the admin, whose cluster is known by its certificate. */
  void writeKubeconfig(Path file, int port) {
    String authority =
        Base64.getEncoder()
            .encodeToString(read(serverCertificate()).getBytes(StandardCharsets.UTF_8));
    var config =
        new ConfigBuilder()
            .withApiVersion("v1")
            .withKind("Config")
            .withCurrentContext("tensorfleet")
            .addNewCluster()
            .withName("tensorfleet")
            .withNewCluster()
            .withServer("https://127.0.0.1:" + port)
            .withCertificateAuthorityData(authority)
            .endCluster()
            .endCluster()
            .addNewUser()
            .withName("admin")
            .withNewUser()
            .withToken(token())
            .endUser()
            .endUser()
            .addNewContext()
            .withName("tensorfleet")
            .withNewContext()
            .withCluster("tensorfleet")
            .withUser("admin")
            .withNamespace("default")
            .endContext()
            .endContext()
            .build();
    new PrivateFile(file).write(Serialization.asYaml(config));
  }

  private Path once(String name, Supplier<String> content) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      new PrivateFile(file).write(content.get());
    }
    return file;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static String newToken() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
      return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no RSA keys", e);
    }
  }
}
