package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.policy.Standing;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which pools serve which queue. Tells a pool its part of the work, and wakes others whose part
 * becomes another one by what it tells of itself. What this costs grows with the pools of that
 * queue, not with all pools. Thread-safe.
 */
final class Neighbours {
  private static final QueueView.Known NOTHING = new QueueView.Known(List.of(), 0);

  private final Function<WorkerPool, QueueKey> queueOf;
  private final Consumer<PoolKey> wake;
  private final Map<PoolKey, QueueKey> queues = new HashMap<>();
  private final Map<QueueKey, Street> streets = new HashMap<>();

  /**
   * @param wake called without a lock held, with each pool that is to be looked at again
   */
  Neighbours(Function<WorkerPool, QueueKey> queueOf, Consumer<PoolKey> wake) {
    this.queueOf = queueOf;
    this.wake = wake;
  }

  /** The pool is there, perhaps changed. */
  void seen(WorkerPool pool) {
    PoolKey key = PoolKey.of(pool);
    if (pool.getMetadata().getDeletionTimestamp() != null) {
      gone(key);
      return;
    }
    List<PoolKey> misled;
    synchronized (this) {
      misled = put(pool, key);
    }
    misled.forEach(wake);
  }

  void gone(PoolKey key) {
    List<PoolKey> misled;
    synchronized (this) {
      misled = remove(key);
    }
    misled.forEach(wake);
  }

  /** The same, with the pool's part of the queue; a pool that is gone has none. */
  Observation place(PoolKey key, Observation seen) {
    if (!(seen.queue() instanceof QueueReading.Known reading)) {
      return seen;
    }
    Observation informed = seen.with(workers(key, reading));
    Standing standing = informed.standing();
    List<PoolKey> misled;
    Part part;
    synchronized (this) {
      QueueKey queue = queues.get(key);
      if (queue == null) {
        return seen.with(new Part(Optional.of(NOTHING), Roster.of(reading.snapshot())));
      }
      Street street = street(queue);
      misled = street.standing(key, standing);
      part = street.part(key);
    }
    misled.forEach(wake);
    return seen.with(part);
  }

  private synchronized Part workers(PoolKey key, QueueReading.Known reading) {
    QueueKey queue = queues.get(key);
    Roster roster = queue == null ? Roster.of(reading.snapshot()) : street(queue).roster(reading);
    return new Part(Optional.empty(), roster);
  }

  private List<PoolKey> put(WorkerPool pool, PoolKey key) {
    QueueKey queue = queueOf.apply(pool);
    QueueKey before = queues.put(key, queue);
    List<PoolKey> misled = new ArrayList<>();
    if (before != null && !before.equals(queue)) {
      misled.addAll(leave(key, before));
    }
    misled.addAll(street(queue).seen(pool, key));
    return misled;
  }

  private List<PoolKey> remove(PoolKey key) {
    QueueKey queue = queues.remove(key);
    return queue == null ? List.of() : leave(key, queue);
  }

  private List<PoolKey> leave(PoolKey key, QueueKey queue) {
    Street street = street(queue);
    List<PoolKey> misled = street.remove(key);
    if (street.isEmpty()) {
      streets.remove(queue);
    }
    return misled;
  }

  private Street street(QueueKey queue) {
    return streets.computeIfAbsent(queue, _ -> new Street());
  }
}
