package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;

/** The node's writes of Pods. A Pod that is no longer there is no error. */
final class PodApi {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final boolean mock;

  /**
   * @param mock whether the API server is the embedded mock, which has no bindings, no
   *     preconditions and no grace: there a Pod is bound by a patch and deleted plainly
   */
  PodApi(KubernetesClient client, boolean mock) {
    this.client = client;
    this.mock = mock;
  }

  void bind(Pod pod, String node) {
    var _ =
        thereIs(
            () -> {
              if (mock) {
                named(pod).patch(MERGE, json(Map.of("spec", Map.of("nodeName", node))));
                return;
              }
              client
                  .bindings()
                  .inNamespace(pod.getMetadata().getNamespace())
                  .resource(
                      new BindingBuilder()
                          .withNewMetadata()
                          .withName(pod.getMetadata().getName())
                          .withNamespace(pod.getMetadata().getNamespace())
                          .endMetadata()
                          .withNewTarget()
                          .withApiVersion("v1")
                          .withKind("Node")
                          .withName(node)
                          .endTarget()
                          .build())
                  .create();
            });
  }

  /** False when there is no such Pod any more. */
  boolean writeStatus(Pod pod, PodStatus status) {
    return thereIs(() -> write(pod, status));
  }

  private void write(Pod pod, PodStatus status) {
    if (mock) {
      // a merge patch appends to lists there
      var written =
          new PodBuilder(pod)
              .editMetadata()
              .withResourceVersion(null)
              .endMetadata()
              .withStatus(status)
              .build();
      client.resource(written).updateStatus();
      return;
    }
    var patch = Map.of("metadata", Map.of("uid", pod.getMetadata().getUid()), "status", status);
    named(pod).subresource("status").patch(MERGE, json(patch));
  }

  /** Takes the Pod off the API server, whose program has ended. */
  void forget(Pod pod) {
    var _ =
        thereIs(
            () -> {
              if (mock) {
                named(pod).delete();
                return;
              }
              String path =
                  "/api/v1/namespaces/"
                      + pod.getMetadata().getNamespace()
                      + "/pods/"
                      + pod.getMetadata().getName();
              var options =
                  new DeleteOptionsBuilder()
                      .withGracePeriodSeconds(0L)
                      .withNewPreconditions()
                      .withUid(pod.getMetadata().getUid())
                      .endPreconditions()
                      .build();
              client.raw(path, "DELETE", options);
            });
  }

  private PodResource named(Pod pod) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName());
  }

  private String json(Object value) {
    KubernetesSerialization serialization = client.getKubernetesSerialization();
    return serialization.asJson(value);
  }

  /** False when there is no such Pod any more, or another of its name. */
  private static boolean thereIs(Runnable write) {
    try {
      write.run();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404 || e.getCode() == 409) {
        return false;
      }
      throw e;
    }
  }
}
