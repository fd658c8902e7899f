package io.tensorfleet.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The API of external metrics as an adapter serves it, with one metric that a test sets. */
final class MetricsServer implements AutoCloseable {
  private static final String API = "/apis/external.metrics.k8s.io/v1beta1";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final HttpsServer server;
  private final AtomicLong value = new AtomicLong();

  private MetricsServer(HttpsServer server) {
    this.server = server;
  }

  /** Serves it, and makes the API server ask here. */
  static MetricsServer start(KubernetesClient client, Path folder) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(folder)));
    var metrics = new MetricsServer(server);
    server.createContext("/", metrics::answer);
    server.start();
    metrics.register(client);
    return metrics;
  }

  void set(long demand) {
    value.set(demand);
  }

  private void register(KubernetesClient client) {
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("metrics")
                .endMetadata()
                .withNewSpec()
                .withType("ExternalName")
                .withExternalName("localhost")
                .addNewPort()
                .withPort(server.getAddress().getPort())
                .endPort()
                .endSpec()
                .build())
        .create();
    client.raw("/apis/apiregistration.k8s.io/v1/apiservices", "POST", registration());
  }

  private String registration() {
    return """
        {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService",
         "metadata":{"name":"v1beta1.external.metrics.k8s.io"},
         "spec":{"group":"external.metrics.k8s.io","version":"v1beta1","insecureSkipTLSVerify":true,
          "groupPriorityMinimum":100,"versionPriority":100,
          "service":{"namespace":"kube-system","name":"metrics","port":%d}}}
        """
        .formatted(server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String text = path.startsWith(API + "/namespaces/") ? values() : path.equals(API) ? list() : "";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(text.isEmpty() ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String list() {
    return """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"external.metrics.k8s.io/v1beta1",
         "resources":[{"name":"tensorfleet-demand","singularName":"","namespaced":true,
          "kind":"ExternalMetricValueList","verbs":["get"]}]}
        """;
  }

  private String values() {
    return """
        {"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},
         "items":[{"metricName":"tensorfleet-demand","metricLabels":{},"timestamp":"%s","value":"%d"}]}
        """
        .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), value.get());
  }

  private static SSLContext tls(Path folder) throws IOException, GeneralSecurityException {
    Path store = folder.resolve("metrics.p12");
    String password = String.valueOf(PASSWORD);
    Kubectl.Ran made =
        Kubectl.program(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "metrics",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password));
    if (made.status() != 0) {
      throw new IOException("no key was made: " + made.text());
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
