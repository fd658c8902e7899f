package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.operator.queue.QueueWatcher;
import io.tensorfleet.operator.queue.Targets;
import java.util.List;
import java.util.function.Consumer;

/** The queues that pools serve: watched, and divided among those that share one. */
final class Queues implements AutoCloseable {
  private final String usualAddress;
  private final QueueWatcher watcher;
  private final Neighbours neighbours;
  private final Living living;
  private boolean metAll;

  /**
   * @param wake called with each pool whose part of its queue has changed by another pool
   */
  Queues(String usualAddress, QueueWatcher watcher, Consumer<PoolKey> wake, Living living) {
    this.living = living;
    this.usualAddress = usualAddress;
    this.watcher = watcher;
    this.neighbours = new Neighbours(this::queue, wake);
  }

  /**
   * The pool is there, perhaps changed; the queue that it serves. All others are met before the
   * first.
   */
  QueueKey meet(WorkerPool pool) {
    meetAll();
    QueueKey queue = meetOne(pool);
    dropIfGone(pool);
    return queue;
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
    if (metAll) {
      return;
    }
    List<WorkerPool> all = living.all();
    all.forEach(this::meetOne);
    all.forEach(this::dropIfGone);
    metAll = true;
  }

  /** It was deleted just before it was met: nobody else will forget it. */
  private void dropIfGone(WorkerPool pool) {
    if (living.isGone(pool)) {
      PoolKey key = PoolKey.of(pool);
      living.find(key).ifPresentOrElse(this::meetOne, () -> forget(key));
    }
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
