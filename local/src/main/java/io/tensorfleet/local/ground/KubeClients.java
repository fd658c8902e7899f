package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.operator.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the way to an API server, and makes clients of it. */
public final class KubeClients {
  private KubeClients() {}

  /** A client as the operator makes them. */
  public static KubernetesClient of(Config config) {
    return Clients.create(config);
  }

  /** An API server that is asked over plain HTTP, as the embedded one is. */
  public static Config plain(String url) {
    return new ConfigBuilder(Config.empty()).withMasterUrl(url).withNamespace("default").build();
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
}
