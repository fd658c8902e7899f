package io.tensorfleet.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.crds.WorkerPool;
import java.util.Comparator;
import java.util.List;

/** WorkerPools of one API server. */
final class Pools implements AutoCloseable {
  private final KubernetesClient kube;

  Pools(KubernetesClient kube) {
    this.kube = kube;
  }

  List<WorkerPool> list() {
    return kube.resources(WorkerPool.class).inAnyNamespace().list().getItems().stream()
        .sorted(Comparator.comparing(Pools::key))
        .toList();
  }

  /** By name in the namespace {@code default}, or by {@code NAMESPACE/NAME}. */
  WorkerPool named(String name) {
    var slash = name.indexOf('/');
    var namespace = slash < 0 ? "default" : name.substring(0, slash);
    var found =
        kube.resources(WorkerPool.class)
            .inNamespace(namespace)
            .withName(name.substring(slash + 1))
            .get();
    if (found == null) {
      throw CliException.failed(
          "there is no pool "
              + name.substring(slash + 1)
              + " in namespace "
              + namespace
              + "; there are: "
              + list().stream().map(Pools::key).toList());
    }
    return found;
  }

  private static String key(WorkerPool pool) {
    return pool.getMetadata().getNamespace() + "/" + pool.getMetadata().getName();
  }

  @Override
  public void close() {
    kube.close();
  }
}
