package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tensorfleet.operator.limit.Throttle;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.pods.StoredRevision;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the revisions of pools. A write that fails is logged and made again later: a
 * pool works without.
 */
public final class RevisionStore {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final Logger log = LoggerFactory.getLogger(RevisionStore.class);

  private final KubernetesClient client;
  private final Throttle throttle;

  RevisionStore(KubernetesClient client, Throttle throttle) {
    this.client = client;
    this.throttle = throttle;
  }

  /** What is there now; empty when it could not be made. */
  public Optional<ControllerRevision> create(ControllerRevision revision) {
    try {
      return Optional.of(write(revision, () -> client.resource(revision).create()));
    } catch (KubernetesClientException e) {
      log.warn("revision {} not stored: {}", revision.getMetadata().getName(), e.getMessage());
      return Optional.empty();
    }
  }

  /** What is there now; empty when it could not be changed. */
  public Optional<ControllerRevision> annotate(
      ControllerRevision revision, Map<String, String> annotations) {
    String patch =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("metadata", Map.of("annotations", annotations)));
    try {
      return Optional.of(write(revision, () -> client.resource(revision).patch(MERGE, patch)));
    } catch (KubernetesClientException e) {
      log.warn("revision {} not marked: {}", revision.getMetadata().getName(), e.getMessage());
      return Optional.empty();
    }
  }

  public void delete(ControllerRevision revision) {
    try {
      write(revision, () -> client.resource(revision).delete());
    } catch (KubernetesClientException e) {
      log.warn("revision {} not deleted: {}", revision.getMetadata().getName(), e.getMessage());
    }
  }

  /** What Pods of it look like; why that is not known, when there is none or nobody can say. */
  public Blueprint read(String namespace, String name) {
    try {
      return Optional.ofNullable(
              client.apps().controllerRevisions().inNamespace(namespace).withName(name).get())
          .map(StoredRevision::blueprint)
          .orElseGet(() -> new Blueprint.Invalid("there is no ControllerRevision " + name));
    } catch (KubernetesClientException e) {
      return new Blueprint.Invalid(
          "ControllerRevision %s could not be read: %s".formatted(name, e.getMessage()));
    }
  }

  private <R> R write(ControllerRevision revision, Supplier<R> write) {
    return throttle.call(Labels.pool(revision.getMetadata()), write);
  }
}
