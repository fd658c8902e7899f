package io.tensorfleet.operator;

import io.tensorfleet.crds.WorkerPool;

/** Names one pool. */
public record PoolKey(String namespace, String name) {
  public static PoolKey of(WorkerPool pool) {
    return new PoolKey(pool.getMetadata().getNamespace(), pool.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
