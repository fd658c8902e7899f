package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.pods.Labels;

/** Exactly one Pod of a pool, as it was seen. */
public record PodRef(PoolKey pool, String name, String uid, String resourceVersion) {
  public static PodRef of(Pod pod) {
    var metadata = pod.getMetadata();
    return new PodRef(
        Labels.pool(metadata),
        metadata.getName(),
        metadata.getUid(),
        metadata.getResourceVersion());
  }

  public String namespace() {
    return pool.namespace();
  }
}
