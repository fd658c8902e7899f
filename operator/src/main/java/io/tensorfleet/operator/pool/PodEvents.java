package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.Look;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.pods.TrimmedPod;
import io.tensorfleet.operator.pool.Unconfirmed.Found;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker Pods of all pools, as the API server reports them, and a pool's wake-up when one
 * changes.
 */
final class PodEvents extends InformerEventSource<Pod, WorkerPool> {
  private static final long PAGE = 500L;

  private static final Logger log = LoggerFactory.getLogger(PodEvents.class);

  private final PodIndex index = new PodIndex();
  private final Unconfirmed unconfirmed = new Unconfirmed();
  private final KubernetesClient api;
  private Optional<JoinedEvents> joined = Optional.empty();

  PodEvents(EventSourceContext<WorkerPool> context) {
    super(workerPods(), context);
    api = context.getClient();
  }

  /** Known from now on, although the watch has not brought it yet. */
  void created(Pod pod, Instant now) {
    indexed(pod);
    pool(pod).forEach(owner -> unconfirmed.made(owner, pod, now));
    if (brought(pod)) {
      confirmed(pod);
    }
    handleRecentResourceCreate(ResourceID.fromResource(pod), TrimmedPod.of(pod));
  }

  /**
   * The operator itself has changed it. Where the watch has gone on since it was seen, that is as
   * new or newer, and to lay this over it would hide it for as long as nothing else changes.
   */
  void changed(PodRef seen, Pod pod) {
    ResourceID id = ResourceID.fromResource(pod);
    get(id)
        .filter(known -> seen.equals(PodRef.of(known)))
        .ifPresent(known -> handleRecentResourceUpdate(id, TrimmedPod.of(pod), known));
  }

  /** The Pods with the pool's label, as far as they are known. */
  List<Pod> of(WorkerPool pool, Instant now) {
    ResourceID id = ResourceID.fromResource(pool);
    unconfirmed.vanished(id, now, this::lookFor).forEach(this::vanished);
    return index.of(id).stream().flatMap(pod -> get(pod).stream()).toList();
  }

  private boolean brought(Pod pod) {
    IndexerResourceCache<Pod> cache = manager();
    return cache
        .get(ResourceID.fromResource(pod))
        .filter(known -> known.getMetadata().getUid().equals(pod.getMetadata().getUid()))
        .isPresent();
  }

  /** The framework keeps what was made until the watch brings it, and it may never do. */
  private Found lookFor(Pod pod) {
    var metadata = pod.getMetadata();
    try {
      Pod found =
          api.pods().inNamespace(metadata.getNamespace()).withName(metadata.getName()).get();
      Look.current().step();
      return found != null && metadata.getUid().equals(found.getMetadata().getUid())
          ? Found.THERE
          : Found.GONE;
    } catch (KubernetesClientException e) {
      log.warn("Pod {} could not be looked for: {}", metadata.getName(), e.getMessage());
      return Found.UNKNOWN;
    }
  }

  /** Another Pod of the same name is none of this one's business. */
  private void vanished(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (get(ResourceID.fromResource(pod))
        .filter(kept -> uid.equals(kept.getMetadata().getUid()))
        .isPresent()) {
      log.info("Pod {} vanished before the watch brought it", pod.getMetadata().getName());
      onDelete(pod, true);
    }
  }

  /** The pool is gone. */
  void forget(PoolKey pool) {
    var id = new ResourceID(pool.name(), pool.namespace());
    joined.ifPresent(events -> events.forget(id));
    unconfirmed.forget(id).forEach(pod -> index.remove(id, ResourceID.fromResource(pod)));
  }

  @Override
  public void setEventHandler(EventHandler handler) {
    var events = new JoinedEvents(handler);
    joined = Optional.of(events);
    super.setEventHandler(events);
  }

  /**
   * What is seen is trimmed in place. An item store would do it earlier, but the framework gives
   * one store to the informers of all namespaces, and each throws out what it has not listed
   * itself.
   */
  @Override
  public void onAdd(Pod pod) {
    TrimmedPod.of(pod);
    confirmed(pod);
    indexed(pod);
    super.onAdd(pod);
  }

  @Override
  public void onUpdate(Pod before, Pod pod) {
    TrimmedPod.of(pod);
    confirmed(pod);
    indexed(pod);
    super.onUpdate(before, pod);
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    confirmed(pod);
    pool(pod).forEach(owner -> index.remove(owner, ResourceID.fromResource(pod)));
    super.onDelete(pod, finalStateUnknown);
  }

  @Override
  public synchronized void stop() {
    super.stop();
    joined.ifPresent(JoinedEvents::close);
  }

  private void confirmed(Pod pod) {
    pool(pod).forEach(owner -> unconfirmed.seen(owner, pod));
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
        .withInformerListLimit(PAGE)
        .build();
  }

  private static Set<ResourceID> pool(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels().get(Labels.POOL)).stream()
        .map(name -> new ResourceID(name, pod.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }
}
