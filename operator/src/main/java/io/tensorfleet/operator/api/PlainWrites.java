package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.limit.Throttle;
import io.tensorfleet.operator.pods.Labels;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one place that works around the embedded mock API server, which has neither server-side apply
 * nor preconditions nor garbage collection. Never for a real one.
 */
final class PlainWrites extends ApiWriter {
  PlainWrites(KubernetesClient client, Throttle throttle) {
    super(client, throttle);
  }

  /** Compares first: between the comparison and the deletion somebody may change the Pod. */
  @Override
  Deleted deleteAsSeen(PodRef pod) {
    var resource = client.pods().inNamespace(pod.namespace()).withName(pod.name());
    Pod found = resource.get();
    if (found == null) {
      return new Deleted.Gone();
    }
    if (!pod.uid().equals(found.getMetadata().getUid())) {
      return new Deleted.Changed();
    }
    resource.delete();
    return new Deleted.Done();
  }

  /** Compares first, as a deletion does. */
  @Override
  Pod annotateAsNamed(PodRef pod, Map<String, @Nullable String> annotations) {
    var resource = client.pods().inNamespace(pod.namespace()).withName(pod.name());
    Pod found = resource.get();
    if (found == null || !pod.uid().equals(found.getMetadata().getUid())) {
      throw new KubernetesClientException("gone", HttpURLConnection.HTTP_NOT_FOUND, null);
    }
    return resource.edit(
        p -> {
          Map<String, String> all =
              new TreeMap<>(Optional.ofNullable(p.getMetadata().getAnnotations()).orElse(Map.of()));
          annotations.forEach((key, value) -> all.compute(key, (_, _) -> value));
          p.getMetadata().setAnnotations(all);
          return p;
        });
  }

  /** Compares first, as a deletion does. */
  @Override
  void writeStatus(WorkerPool pool, WorkerPoolStatus status) {
    WorkerPool found = client.resource(pool).get();
    if (found == null || !pool.getMetadata().getUid().equals(found.getMetadata().getUid())) {
      throw new KubernetesClientException("gone", HttpURLConnection.HTTP_NOT_FOUND, null);
    }
    var written = new WorkerPool();
    written.setMetadata(
        new ObjectMetaBuilder(pool.getMetadata()).withResourceVersion(null).build());
    written.setSpec(pool.getSpec());
    written.setStatus(status);
    client.resource(written).updateStatus();
  }

  @Override
  public void poolDeleted(PoolKey pool) {
    client.pods().inNamespace(pool.namespace()).withLabel(Labels.POOL, pool.name()).delete();
    client
        .apps()
        .controllerRevisions()
        .inNamespace(pool.namespace())
        .withLabel(Labels.POOL, pool.name())
        .delete();
  }
}
