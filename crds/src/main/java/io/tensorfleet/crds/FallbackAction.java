package io.tensorfleet.crds;

/** The size of a pool whose queue has been unknown for long. */
public enum FallbackAction {
  /** The size it has. */
  Hold,
  /** At least minReplicas. */
  Floor,
  /** At least fallback.replicas. */
  Static,
  /** maxReplicas. */
  Max
}
