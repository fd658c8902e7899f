package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.tensorfleet.crds.WorkerPool;

/** What tells that an object is a pool's: namespace, labels and the owner reference. */
final class Owned {
  private Owned() {}

  /** The metadata begun, completed; where a label is given already, the pool's wins. */
  static ObjectMeta by(WorkerPool pool, String revision, ObjectMetaBuilder begun) {
    var owner = pool.getMetadata();
    return begun
        .withNamespace(owner.getNamespace())
        .addToLabels(Labels.POOL, owner.getName())
        .addToLabels(Labels.REVISION, revision)
        .addToLabels(Labels.MANAGED_BY, Labels.OPERATOR)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(pool.getApiVersion())
                .withKind(pool.getKind())
                .withName(owner.getName())
                .withUid(owner.getUid())
                .withController(true)
                .build())
        .build();
  }
}
