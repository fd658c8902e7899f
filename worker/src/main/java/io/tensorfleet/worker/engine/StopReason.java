package io.tensorfleet.worker.engine;

/** Why a run was stopped from outside. */
public enum StopReason {
  CANCELLED,
  TIMED_OUT,
  /** Its lease is someone else's now, or has run out. */
  LOST,
  /** The worker hands it back: it leaves, or the task has been here for long enough. */
  RETURNED
}
