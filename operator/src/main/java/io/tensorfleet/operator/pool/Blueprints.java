package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.PodDefaults;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Blueprints of pools, made anew only when a spec has changed. */
final class Blueprints {
  private final PodDefaults defaults;
  private final ConcurrentMap<PoolKey, Made> made = new ConcurrentHashMap<>();

  Blueprints(PodDefaults defaults) {
    this.defaults = defaults;
  }

  private record Made(String uid, Long generation, Blueprint blueprint) {
    boolean isOf(WorkerPool pool) {
      return uid.equals(pool.getMetadata().getUid())
          && generation.equals(pool.getMetadata().getGeneration());
    }
  }

  Blueprint of(WorkerPool pool) {
    if (pool.getMetadata().getGeneration() == null) {
      return Blueprint.of(pool, defaults);
    }
    return made.compute(
            PoolKey.of(pool), (_, known) -> known != null && known.isOf(pool) ? known : make(pool))
        .blueprint();
  }

  void forget(PoolKey pool) {
    made.remove(pool);
  }

  private Made make(WorkerPool pool) {
    return new Made(
        pool.getMetadata().getUid(),
        pool.getMetadata().getGeneration(),
        Blueprint.of(pool, defaults));
  }
}
