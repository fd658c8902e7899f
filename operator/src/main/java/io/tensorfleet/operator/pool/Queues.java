package io.tensorfleet.operator.pool;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.operator.queue.QueueWatcher;
import io.tensorfleet.operator.queue.Targets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The queues that pools serve: watched, and divided among those that share one. */
final class Queues implements AutoCloseable {
  private final String usualAddress;
  private final QueueWatcher watcher;
  private final Neighbours neighbours;
  private Optional<Cache<WorkerPool>> unmet = Optional.empty();

  /**
   * @param wake called with each pool whose part of its queue has changed by another pool
   */
  Queues(String usualAddress, QueueWatcher watcher, Consumer<PoolKey> wake) {
    this.usualAddress = usualAddress;
    this.watcher = watcher;
    this.neighbours = new Neighbours(this::queue, wake);
  }

  /** All pools that there are, to be met before the first is decided on. */
  synchronized void begin(Cache<WorkerPool> pools) {
    unmet = Optional.of(pools);
  }

  /** The pool is there, perhaps changed; the queue that it serves. */
  QueueKey meet(WorkerPool pool) {
    meetAll();
    return meetOne(pool);
  }

  void changed(WorkerPool pool) {
    neighbours.seen(pool);
  }

  void forget(PoolKey pool) {
    neighbours.gone(pool);
    watcher.forget(pool);
  }

  QueueReading read(QueueKey queue) {
    return watcher.read(queue);
  }

  /** The same, with the pool's part of the queue. */
  Observation place(PoolKey key, Observation seen) {
    return neighbours.place(key, seen);
  }

  @Override
  public void close() {
    watcher.close();
  }

  /**
   * Whoever comes meanwhile waits: alone, the first pool would take the whole queue for its own.
   */
  private synchronized void meetAll() {
    unmet.ifPresent(
        pools -> {
          List<WorkerPool> all = pools.list().toList();
          all.forEach(this::meetOne);
          all.stream()
              .filter(pool -> !pools.contains(ResourceID.fromResource(pool)))
              .forEach(pool -> forget(PoolKey.of(pool)));
        });
    unmet = Optional.empty();
  }

  private QueueKey meetOne(WorkerPool pool) {
    QueueKey queue = queue(pool);
    neighbours.seen(pool);
    if (pool.getMetadata().getDeletionTimestamp() == null) {
      watcher.follow(PoolKey.of(pool), queue);
    }
    return queue;
  }

  private QueueKey queue(WorkerPool pool) {
    String address = Targets.of(pool.getSpec().orchestrator(), usualAddress);
    return new QueueKey(address, pool.getSpec().queue());
  }
}
