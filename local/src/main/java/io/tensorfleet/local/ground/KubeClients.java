package io.tensorfleet.local.ground;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes Kubernetes clients that read a WorkerPool as records and ignore fields of newer versions.
 */
public final class KubeClients {
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  private KubeClients() {}

  /** A client over one HTTP client that is always the same. */
  public static KubernetesClient of(Config config) {
    config.setRequestTimeout(Math.max(config.getRequestTimeout(), REQUEST_TIMEOUT_MILLIS));
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new VertxHttpClientFactory())
        .withKubernetesSerialization(serialization())
        .build();
  }

  /**
   * The cluster of a kubeconfig's current context; nothing of this process's environment is read.
   */
  public static Config read(Path kubeconfig) {
    try {
      return Config.fromKubeconfig(Files.readString(kubeconfig));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the kubeconfig " + kubeconfig, e);
    }
  }

  static KubernetesSerialization serialization() {
    var mapper =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    return new KubernetesSerialization(mapper, true);
  }
}
