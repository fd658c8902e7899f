package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.limit.Throttle;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes as a real API server wants it: each write names the very object that it is meant for, and
 * reaches no other of the same name.
 */
final class ExactWrites extends ApiWriter {
  private static final int UNPROCESSABLE = 422;

  private static final PatchContext JSON_PATCH =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON)
          .withFieldManager(FIELD_MANAGER)
          .build();

  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(FIELD_MANAGER)
          .build();

  ExactWrites(KubernetesClient client, Throttle throttle) {
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
        onlyIt(
            () ->
                client
                    .pods()
                    .inNamespace(pod.namespace())
                    .withName(pod.name())
                    .patch(MERGE, Patches.annotations(pod.uid(), annotations)));
    if (after == null) {
      throw new KubernetesClientException("it is gone", HttpURLConnection.HTTP_NOT_FOUND, null);
    }
    return after;
  }

  /**
   * No other pool of the same name is given it: server-side apply would not see to that, as the API
   * server ignores the UID in an applied status.
   */
  @Override
  void writeStatus(WorkerPool pool, WorkerPoolStatus status) {
    onlyIt(
        () ->
            client
                .resource(pool)
                .subresource("status")
                .patch(JSON_PATCH, Patches.status(pool.getMetadata().getUid(), status)));
  }

  /** An object of the same name and another UID is as good as none. */
  private static <R> R onlyIt(Supplier<R> patch) {
    try {
      return patch.get();
    } catch (KubernetesClientException e) {
      throw isAnother(e)
          ? new KubernetesClientException("it is gone", HttpURLConnection.HTTP_NOT_FOUND, null)
          : e;
    }
  }

  /**
   * Of a merge patch the API server names the UID as what it will not change; of a JSON patch whose
   * test fails it names nothing.
   */
  private static boolean isAnother(KubernetesClientException e) {
    return e.getCode() == UNPROCESSABLE
        && Optional.ofNullable(e.getStatus())
            .map(Status::getDetails)
            .map(StatusDetails::getCauses)
            .filter(causes -> causes.stream().allMatch(c -> "metadata.uid".equals(c.getField())))
            .isPresent();
  }
}
