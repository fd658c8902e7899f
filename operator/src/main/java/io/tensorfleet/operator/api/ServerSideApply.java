package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.limit.Throttle;
import java.net.HttpURLConnection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes as a real API server wants it: status by server-side apply, deletion with preconditions.
 */
final class ServerSideApply extends ApiWriter {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FIELD_MANAGER)
          .withForce(true)
          .build();

  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(FIELD_MANAGER)
          .build();

  ServerSideApply(KubernetesClient client, Throttle throttle) {
    super(client, throttle);
  }

  @Override
  Deleted deleteAsSeen(PodRef pod) {
    DeleteOptions options =
        new DeleteOptionsBuilder().withNewPreconditions(pod.resourceVersion(), pod.uid()).build();
    String path = "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
    return client.raw(path, "DELETE", options) == null ? new Deleted.Gone() : new Deleted.Done();
  }

  /** A merge patch whose UID the API server compares. */
  @Override
  Pod annotateAsNamed(PodRef pod, Map<String, @Nullable String> annotations) {
    Pod after =
        client
            .pods()
            .inNamespace(pod.namespace())
            .withName(pod.name())
            .patch(MERGE, Patches.annotations(pod.uid(), annotations));
    if (after == null) {
      throw new KubernetesClientException("it is gone", HttpURLConnection.HTTP_NOT_FOUND, null);
    }
    return after;
  }

  @Override
  void writeStatus(WorkerPool pool, WorkerPoolStatus status) {
    var applied = new WorkerPool();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(pool.getMetadata().getNamespace())
            .withName(pool.getMetadata().getName())
            .build());
    applied.setSpec(null);
    applied.setStatus(status);
    client.resource(applied).subresource("status").patch(APPLY);
  }
}
