package io.tensorfleet.operator.pool;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import java.util.List;
import java.util.Optional;

/** Which pools there are, as the API server has told; before the beginning that is not known. */
final class Living {
  private volatile Optional<Cache<WorkerPool>> known = Optional.empty();

  void begin(Cache<WorkerPool> pools) {
    known = Optional.of(pools);
  }

  List<WorkerPool> all() {
    return known.map(pools -> pools.list().toList()).orElse(List.of());
  }

  Optional<WorkerPool> find(PoolKey pool) {
    return known.flatMap(pools -> pools.get(new ResourceID(pool.name(), pool.namespace())));
  }

  /** Another pool that has its name by now is not this one. */
  boolean isGone(WorkerPool pool) {
    String uid = pool.getMetadata().getUid();
    return known.isPresent()
        && find(PoolKey.of(pool)).filter(p -> uid.equals(p.getMetadata().getUid())).isEmpty();
  }
}
