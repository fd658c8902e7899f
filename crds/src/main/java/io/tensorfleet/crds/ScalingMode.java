package io.tensorfleet.crds;

/** How much of its decision the operator carries out. */
public enum ScalingMode {
  /** All of it. */
  Auto,
  /** Nothing: the pool keeps the size it has. */
  Paused,
  /** The pool may grow and does not shrink. */
  PausedIn,
  /** The pool may shrink and does not grow. */
  PausedOut,
  /** Nothing is done; status shows what would be. */
  DryRun
}
