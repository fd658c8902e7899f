package io.tensorfleet.operator;

/** Names one pool. */
public record PoolKey(String namespace, String name) {
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
