package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.policy.Shares;
import io.tensorfleet.operator.policy.Standing;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pools of one queue, and the part of its newest snapshot that is each one's. Not for several
 * threads: whoever uses it holds its lock.
 */
final class Street {
  private final Map<PoolKey, Neighbour> pools = new HashMap<>();
  private final Map<PoolKey, Used> used = new HashMap<>();
  private Roster roster = Roster.of(QueueSnapshot.getDefaultInstance());
  private long newest;
  private Map<String, QueueView.Known> parts = Map.of();
  private boolean stale = true;
  private boolean left;

  /** The part that a pool acted on, of the snapshot of this place in their order. */
  private record Used(long snapshot, QueueView.Known part) {}

  /** The pool is there; gives those who were misled about their part. */
  List<PoolKey> seen(WorkerPool pool, PoolKey key) {
    Neighbour before = pools.get(key);
    var identity = Neighbour.Identity.of(pool);
    if (before != null && before.identity().same(identity)) {
      return List.of();
    }
    var now = Neighbour.of(pool, key, identity);
    return put(before == null ? now : now.after(before));
  }

  /** The pool stands like this now; gives those who were misled about their part. */
  List<PoolKey> standing(PoolKey key, Standing standing) {
    List<PoolKey> misled = new ArrayList<>(put(known(key).standing(standing)));
    misled.remove(key);
    return misled;
  }

  List<PoolKey> remove(PoolKey key) {
    stale |= pools.remove(key) != null;
    used.remove(key);
    return misled();
  }

  boolean has(PoolKey key) {
    return pools.containsKey(key);
  }

  /** Where no pool is left nobody comes any more; whoever would, finds another one. */
  boolean leaveIfEmpty() {
    left |= pools.isEmpty();
    return left;
  }

  boolean isLeft() {
    return left;
  }

  /** The newest snapshot seen, this one included. */
  Roster roster(QueueReading.Known reading) {
    if (reading.order() >= newest && !reading.snapshot().equals(roster.snapshot())) {
      newest = reading.order();
      roster = Roster.of(reading.snapshot());
      stale = true;
    }
    return roster;
  }

  /** The part of a pool of this queue, which acts on it now. */
  Part part(PoolKey pool) {
    divide();
    QueueView.Known part = Objects.requireNonNull(parts.get(pool.toString()));
    used.put(pool, new Used(newest, part));
    return new Part(Optional.of(part), roster);
  }

  /**
   * Pools that acted on another part of the same snapshot than is theirs now; who has not seen it
   * yet is woken by it anyway.
   */
  private List<PoolKey> misled() {
    if (!stale) {
      return List.of();
    }
    divide();
    return used.entrySet().stream()
        .filter(e -> e.getValue().snapshot() == newest)
        .filter(e -> !e.getValue().part().equals(parts.get(e.getKey().toString())))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<PoolKey> put(Neighbour pool) {
    stale |= !pool.equals(pools.put(pool.key(), pool));
    return misled();
  }

  private Neighbour known(PoolKey key) {
    return Objects.requireNonNull(pools.get(key));
  }

  private void divide() {
    if (!stale) {
      return;
    }
    pools.replaceAll((_, pool) -> roster.told(pool.stem()).map(pool::told).orElse(pool));
    Set<String> stems = pools.values().stream().map(Neighbour::stem).collect(Collectors.toSet());
    parts =
        Shares.of(roster.work(stems), pools.values().stream().map(p -> p.member(roster)).toList());
    stale = false;
  }
}
