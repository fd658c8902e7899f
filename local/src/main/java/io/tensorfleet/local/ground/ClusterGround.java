package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The user's own cluster, named by a kubeconfig. Nothing is installed in it but the WorkerPool's
 * definition.
 */
public final class ClusterGround implements Ground {
  private final Path kubeconfig;
  private final Config config;
  private final KubernetesClient client;

  private ClusterGround(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
    this.config = KubeClients.read(kubeconfig);
    this.client = KubeClients.of(config);
  }

  /** Connects, and makes the WorkerPool known. */
  public static ClusterGround start(Path kubeconfig) {
    var ground = new ClusterGround(kubeconfig);
    try {
      Definitions.apply(ground.client);
      return ground;
    } catch (RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Optional<Path> kubeconfig() {
    return Optional.of(kubeconfig);
  }

  @Override
  public boolean hasScheduler() {
    return true;
  }

  @Override
  public void close() {
    client.close();
  }
}
