package io.tensorfleet.operator.pool;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.PoolView;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalingPolicy;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.operator.queue.QueueWatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sees to one pool at a time: look, decide, do, say. */
public final class PoolReconciler implements Reconciler<WorkerPool>, AutoCloseable {
  private static final Duration SAFETY_POLL = Duration.ofSeconds(10);

  private final Surroundings around;
  private final Parallel parallel = new Parallel();
  private final PlanApplier applier;
  private final PodMarker marker;
  private final Reporter reporter;
  private final Revisions revisions;
  private final Queues queues;
  private final QueueEvents queueEvents = new QueueEvents();
  private final Blueprints blueprints;
  private final Living living = new Living();
  private final ConcurrentMap<PoolKey, PoolMemory> memories = new ConcurrentHashMap<>();
  private volatile Optional<PodEvents> podEvents = Optional.empty();

  /**
   * @param watch makes the watcher that calls the given listener
   */
  public PoolReconciler(Surroundings around, Function<Consumer<PoolKey>, QueueWatcher> watch) {
    this.around = around;
    this.blueprints = new Blueprints(around.defaults());
    this.applier = new PlanApplier(around.api(), around.cordons(), parallel);
    this.marker =
        new PodMarker(
            around.api(),
            parallel,
            (seen, pod) -> podEvents.ifPresent(source -> source.changed(seen, pod)));
    this.reporter = new Reporter(around.api(), around.metrics(), around.identity());
    this.revisions = new Revisions(around.api().revisions());
    this.queues =
        new Queues(
            around.usualAddress(), watch.apply(queueEvents::changed), queueEvents::changed, living);
    queueEvents.whenSeen(queues::changed);
    queueEvents.whenReplaced(this::forget);
    queueEvents.whenGone(this::deleted);
  }

  @Override
  public List<EventSource<?, WorkerPool>> prepareEventSources(
      EventSourceContext<WorkerPool> context) {
    var pods = new PodEvents(context);
    podEvents = Optional.of(pods);
    living.begin(context.getPrimaryCache());
    return List.of(pods, queueEvents, revisions.source(context));
  }

  /** Every pool is seen to at once. */
  public void wakeAll() {
    living.all().stream().map(PoolKey::of).forEach(queueEvents::changed);
  }

  @Override
  public UpdateControl<WorkerPool> reconcile(WorkerPool pool, Context<WorkerPool> context) {
    if (pool.getMetadata().getDeletionTimestamp() != null || !around.mayAct().getAsBoolean()) {
      return UpdateControl.noUpdate();
    }
    try {
      return UpdateControl.<WorkerPool>noUpdate().rescheduleAfter(see(pool));
    } finally {
      if (living.isGone(pool)) {
        drop(pool);
      }
    }
  }

  @Override
  public void close() {
    queues.close();
    parallel.close();
  }

  /** How long nothing needs to be done although nothing changes. */
  private Duration see(WorkerPool pool) {
    PoolKey key = PoolKey.of(pool);
    QueueKey queue = queues.meet(pool);
    QueueReading reading = queues.read(queue);
    return reading instanceof QueueReading.Connecting
        ? SAFETY_POLL
        : timed(key, look(key, pool, reading), queue.address());
  }

  private Duration timed(PoolKey key, Observation seen, String address) {
    return Objects.requireNonNull(
        around.metrics().reconcile().record(() -> act(key, seen, address)));
  }

  private Duration act(PoolKey key, Observation seen, String address) {
    PoolView view = seen.view();
    ScalePlan plan =
        Objects.requireNonNull(
            around.metrics().decision().record(() -> ScalingPolicy.decide(view)));
    revisions.keep(seen, plan.memory().rollout());
    Deed deed = seen.deed(plan, address).withStable(revisions.stable(seen, plan));
    Applied applied = applier.apply(deed);
    Instant now = seen.now();
    applied.created().forEach(pod -> podEvents.ifPresent(source -> source.created(pod, now)));
    var outlook = new Outlook(marker.mark(seen, plan), view, plan, applied);
    memories.put(key, outlook.memory());
    Reporter.Reported reported = reporter.report(key, outlook);
    memories.put(key, reported.memory());
    return outlook.pause(reported.putOff().orElse(SAFETY_POLL));
  }

  private Observation look(PoolKey key, WorkerPool pool, QueueReading reading) {
    PoolMemory memory =
        PoolMemory.of(pool, Optional.ofNullable(memories.get(key)), () -> revisions.known(pool));
    Instant now = around.clock().instant();
    return queues.place(
        key,
        new Observation(
            pool,
            blueprints.of(pool),
            podEvents.map(source -> source.of(pool, now)).orElse(List.of()),
            reading,
            memory,
            now));
  }

  /** The pool was deleted and forgotten while it was looked at, which put some of it back. */
  private void drop(WorkerPool pool) {
    PoolKey key = PoolKey.of(pool);
    if (living.find(key).isEmpty()) {
      forget(key);
      return;
    }
    PoolMemory last = memories.get(key);
    if (last != null && last.isOf(pool)) {
      memories.remove(key, last);
    }
    around.metrics().forget(key);
  }

  private void deleted(PoolKey key) {
    forget(key);
    around.api().poolDeleted(key);
  }

  private void forget(PoolKey key) {
    memories.remove(key);
    blueprints.forget(key);
    podEvents.ifPresent(source -> source.forget(key));
    queues.forget(key);
    revisions.forget(key);
    around.metrics().forget(key);
  }
}
