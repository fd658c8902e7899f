package io.tensorfleet.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.local.ground.KubeClients;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Creates Pods as fast as the operator's own client can: 32 virtual threads and nothing else. */
final class BareLoop {
  private static final int THREADS = 32;

  private BareLoop() {}

  /**
   * @param model what each Pod is made like
   */
  static void run(Path kubeconfig, String namespace, Pod model, int count)
      throws InterruptedException {
    var places = new Semaphore(THREADS);
    try (KubernetesClient client = KubeClients.of(KubeClients.read(kubeconfig));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < count; n++) {
        Pod pod = like(model, namespace, "bare-" + n);
        places.acquire();
        var _ =
            threads.submit(
                () -> {
                  try {
                    return client.resource(pod).create();
                  } finally {
                    places.release();
                  }
                });
      }
    }
  }

  private static Pod like(Pod model, String namespace, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withLabels(model.getMetadata().getLabels())
        .endMetadata()
        .withNewSpecLike(model.getSpec())
        .withNodeName(null)
        .withServiceAccount(null)
        .withServiceAccountName(null)
        .endSpec()
        .build();
  }
}
