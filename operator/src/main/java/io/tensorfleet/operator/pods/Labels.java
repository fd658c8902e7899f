package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tensorfleet.operator.PoolKey;

/** Labels of worker Pods. */
public final class Labels {
  public static final String POOL = "tensorfleet.io/pool";
  public static final String REVISION = "tensorfleet.io/revision";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "tensorfleet-operator";

  /** Selects the Pods of every pool. */
  public static final String ALL_PODS = MANAGED_BY + "=" + OPERATOR;

  private Labels() {}

  /** The pool of an object that carries its label. */
  public static PoolKey pool(ObjectMeta metadata) {
    return new PoolKey(metadata.getNamespace(), String.valueOf(metadata.getLabels().get(POOL)));
  }

  /** Selects the Pods of one pool. */
  public static String selector(String pool) {
    return POOL + "=" + pool;
  }
}
