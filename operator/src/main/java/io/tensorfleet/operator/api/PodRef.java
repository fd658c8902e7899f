package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.Pod;

/** Exactly one Pod, as it was seen. */
public record PodRef(String namespace, String name, String uid, String resourceVersion) {
  public static PodRef of(Pod pod) {
    var metadata = pod.getMetadata();
    return new PodRef(
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        metadata.getResourceVersion());
  }
}
