package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.pods.PodReading;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The worker Pods of all pools, as the API server reports them, and a pool's wake-up when one
 * changes.
 */
final class PodEvents extends InformerEventSource<Pod, WorkerPool> {
  private static final long PAGE = 500L;

  private final PodIndex index = new PodIndex();
  private Optional<JoinedEvents> joined = Optional.empty();

  PodEvents(EventSourceContext<WorkerPool> context) {
    super(workerPods(), context);
  }

  /** Known from now on, although the watch has not brought it yet. */
  void created(Pod pod) {
    indexed(pod);
    handleRecentResourceCreate(ResourceID.fromResource(pod), PodReading.trim(pod));
  }

  /** The operator itself has changed it. */
  void changed(Pod pod) {
    get(ResourceID.fromResource(pod))
        .ifPresent(
            before ->
                handleRecentResourceUpdate(
                    ResourceID.fromResource(pod), PodReading.trim(pod), before));
  }

  /** The Pods with the pool's label, as far as they are known. */
  List<Pod> of(WorkerPool pool) {
    return index.of(ResourceID.fromResource(pool)).stream()
        .flatMap(pod -> get(pod).stream())
        .toList();
  }

  /** The pool is gone. */
  void forget(PoolKey pool) {
    joined.ifPresent(events -> events.forget(new ResourceID(pool.name(), pool.namespace())));
  }

  @Override
  public void setEventHandler(EventHandler handler) {
    var events = new JoinedEvents(handler);
    joined = Optional.of(events);
    super.setEventHandler(events);
  }

  @Override
  public void onAdd(Pod pod) {
    indexed(pod);
    super.onAdd(pod);
  }

  @Override
  public void onUpdate(Pod before, Pod pod) {
    indexed(pod);
    super.onUpdate(before, pod);
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    pool(pod).forEach(owner -> index.remove(owner, ResourceID.fromResource(pod)));
    super.onDelete(pod, finalStateUnknown);
  }

  @Override
  public synchronized void stop() {
    super.stop();
    joined.ifPresent(JoinedEvents::close);
  }

  private void indexed(Pod pod) {
    pool(pod).forEach(owner -> index.add(owner, ResourceID.fromResource(pod)));
  }

  private static InformerEventSourceConfiguration<Pod> workerPods() {
    return InformerEventSourceConfiguration.from(Pod.class, WorkerPool.class)
        .withName("pods")
        .withLabelSelector(Labels.ALL_PODS)
        .withNamespacesInheritedFromController()
        .withSecondaryToPrimaryMapper(PodEvents::pool)
        .withItemStore(new TransformingItemStore<Pod>(PodReading::trim))
        .withInformerListLimit(PAGE)
        .build();
  }

  private static Set<ResourceID> pool(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels().get(Labels.POOL)).stream()
        .map(name -> new ResourceID(name, pod.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}
