package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.policy.Standing;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which pools serve which queue. Tells a pool its part of the work, and wakes others whose part
 * becomes another one by what it tells of itself. What this costs grows with the pools of that
 * queue, not with all pools, and nobody waits for another queue. Thread-safe.
 */
final class Neighbours {
  private static final QueueView.Known NOTHING = new QueueView.Known(List.of(), 0);

  private final Function<WorkerPool, QueueKey> queueOf;
  private final Consumer<PoolKey> wake;

  /** A pool's entry is held while the pool moves. */
  private final ConcurrentMap<PoolKey, QueueKey> queues = new ConcurrentHashMap<>();

  private final ConcurrentMap<QueueKey, Street> streets = new ConcurrentHashMap<>();

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
    QueueKey queue = queueOf.apply(pool);
    List<PoolKey> misled = new ArrayList<>();
    queues.compute(
        key,
        (_, before) -> {
          if (before != null && !before.equals(queue)) {
            misled.addAll(in(before, street -> street.remove(key)));
          }
          misled.addAll(in(queue, street -> street.seen(pool, key)));
          return queue;
        });
    misled.forEach(wake);
  }

  void gone(PoolKey key) {
    List<PoolKey> misled = new ArrayList<>();
    queues.computeIfPresent(
        key,
        (_, queue) -> {
          misled.addAll(in(queue, street -> street.remove(key)));
          return null;
        });
    misled.forEach(wake);
  }

  /**
   * The same, with the pool's part of the queue. A pool that is gone has none; one that has moved
   * to another queue meanwhile knows nothing of it, and is looked at again.
   */
  Observation place(PoolKey key, Observation seen) {
    if (!(seen.queue() instanceof QueueReading.Known reading)) {
      return seen;
    }
    QueueKey queue = queueOf.apply(seen.pool());
    Roster roster =
        in(
            queue,
            street -> street.has(key) ? street.roster(reading) : Roster.of(reading.snapshot()));
    Standing standing = seen.with(new Part(Optional.empty(), roster)).standing();
    return partOf(key, queue, standing)
        .map(seen::with)
        .orElseGet(
            () ->
                queues.containsKey(key)
                    ? seen.unheard()
                    : seen.with(new Part(Optional.of(NOTHING), roster)));
  }

  /** Of a pool that stands like this; empty where it is not in this queue. */
  private Optional<Part> partOf(PoolKey key, QueueKey queue, Standing standing) {
    List<PoolKey> misled = new ArrayList<>();
    Optional<Part> part =
        in(
            queue,
            street -> {
              if (!street.has(key)) {
                return Optional.empty();
              }
              misled.addAll(street.standing(key, standing));
              return Optional.of(street.part(key));
            });
    misled.forEach(wake);
    return part;
  }

  /** What comes of it in the street of this queue, whose lock is held meanwhile. */
  private <T> T in(QueueKey queue, Function<Street, T> what) {
    while (true) {
      Street street = streets.computeIfAbsent(queue, _ -> new Street());
      synchronized (street) {
        if (!street.isLeft()) {
          T result = what.apply(street);
          if (street.leaveIfEmpty()) {
            streets.remove(queue, street);
          }
          return result;
        }
      }
    }
  }
}
