package io.tensorfleet.operator.pool;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** Wakes a pool when its queue has changed, and says when a pool is seen and when it is gone. */
final class QueueEvents extends AbstractEventSource<Void, WorkerPool>
    implements ResourceEventAware<WorkerPool> {
  private volatile Consumer<PoolKey> gone = _ -> {};
  private volatile Consumer<PoolKey> replaced = _ -> {};
  private volatile Consumer<WorkerPool> seen = _ -> {};

  QueueEvents() {
    super(Void.class, "queue");
  }

  /** Calls this with each pool that is deleted. */
  void whenGone(Consumer<PoolKey> listener) {
    gone = listener;
  }

  /** Calls this when a pool was deleted and made anew unseen, before that one is told of. */
  void whenReplaced(Consumer<PoolKey> listener) {
    replaced = listener;
  }

  /** Calls this with each pool that is made or changed. */
  void whenSeen(Consumer<WorkerPool> listener) {
    seen = listener;
  }

  /** May be called from any thread; what comes before the start is dropped. */
  void changed(PoolKey pool) {
    if (isRunning()) {
      getEventHandler().handleEvent(new Event(new ResourceID(pool.name(), pool.namespace())));
    }
  }

  @Override
  public Set<Void> getSecondaryResources(WorkerPool pool) {
    return Set.of();
  }

  /** In the cache too, without what nobody reads of it. */
  @Override
  public void onResourceCreated(WorkerPool pool) {
    pool.getMetadata().setManagedFields(null);
    seen.accept(pool);
  }

  @Override
  public void onResourceUpdated(WorkerPool pool, WorkerPool before) {
    pool.getMetadata().setManagedFields(null);
    if (!Objects.equals(pool.getMetadata().getUid(), before.getMetadata().getUid())) {
      replaced.accept(PoolKey.of(pool));
    }
    seen.accept(pool);
  }

  @Override
  public void onResourceDeleted(WorkerPool pool) {
    gone.accept(PoolKey.of(pool));
  }
}
