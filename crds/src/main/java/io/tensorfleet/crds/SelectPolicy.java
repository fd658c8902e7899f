package io.tensorfleet.crds;

/** Which of several policies of one direction binds. */
public enum SelectPolicy {
  /** The one that allows the largest change. */
  Max,
  /** The one that allows the smallest change. */
  Min,
  /** No change in this direction at all. */
  Disabled
}
