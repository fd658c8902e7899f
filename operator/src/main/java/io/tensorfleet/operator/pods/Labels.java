package io.tensorfleet.operator.pods;

/** Labels of worker Pods. */
public final class Labels {
  public static final String POOL = "tensorfleet.io/pool";
  public static final String REVISION = "tensorfleet.io/revision";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "tensorfleet-operator";

  /** Selects the Pods of every pool. */
  public static final String ALL_PODS = MANAGED_BY + "=" + OPERATOR;

  private Labels() {}

  /** Selects the Pods of one pool. */
  public static String selector(String pool) {
    return POOL + "=" + pool;
  }
}
