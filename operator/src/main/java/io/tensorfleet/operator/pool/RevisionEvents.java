package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.pods.StoredRevision;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The stored revisions of all pools, without their templates. */
final class RevisionEvents extends InformerEventSource<ControllerRevision, WorkerPool> {
  private static final long PAGE = 500L;

  RevisionEvents(EventSourceContext<WorkerPool> context) {
    super(revisions(), context);
  }

  /** Known from now on, although the watch has not brought it yet. */
  void created(ControllerRevision made) {
    handleRecentResourceCreate(ResourceID.fromResource(made), StoredRevision.trim(made));
  }

  void changed(ControllerRevision now, ControllerRevision before) {
    handleRecentResourceUpdate(ResourceID.fromResource(now), StoredRevision.trim(now), before);
  }

  @Override
  public void onAdd(ControllerRevision revision) {
    super.onAdd(StoredRevision.trim(revision));
  }

  @Override
  public void onUpdate(ControllerRevision before, ControllerRevision revision) {
    super.onUpdate(before, StoredRevision.trim(revision));
  }

  private static InformerEventSourceConfiguration<ControllerRevision> revisions() {
    return InformerEventSourceConfiguration.from(ControllerRevision.class, WorkerPool.class)
        .withName("revisions")
        .withLabelSelector(Labels.ALL_PODS)
        .withNamespacesInheritedFromController()
        .withSecondaryToPrimaryMapper(RevisionEvents::pool)
        .withInformerListLimit(PAGE)
        .build();
  }

  private static Set<ResourceID> pool(ControllerRevision revision) {
    return Optional.ofNullable(revision.getMetadata().getLabels().get(Labels.POOL)).stream()
        .map(name -> new ResourceID(name, revision.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}
