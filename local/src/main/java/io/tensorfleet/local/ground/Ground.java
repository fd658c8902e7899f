package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Optional;

/** Where a fleet stands: a Kubernetes API, ready for use, with the WorkerPool known to it. */
public sealed interface Ground extends AutoCloseable
    permits EmbeddedGround, RealGround, ClusterGround {

  /** {@code embedded}, {@code real} or {@code cluster}. */
  String name();

  /** A client with all rights, closed with the ground. */
  KubernetesClient client();

  /** How to reach the API server, for clients of one's own. */
  Config config();

  /** A file for kubectl; none where kubectl does not work. */
  Optional<Path> kubeconfig();

  /** Whether something else binds Pods to nodes. */
  boolean hasScheduler();

  /** Whether server-side apply, preconditions and graceful deletion work. */
  default boolean isWhole() {
    return true;
  }

  @Override
  void close();
}
