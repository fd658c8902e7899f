package io.tensorfleet.worker.core;

/** The one word for what a worker does. */
public enum WorkerStatus {
  IDLE,
  BUSY,
  DRAINING,
  DISCONNECTED;

  /** Draining shows first, then work in hand, then a missing orchestrator. */
  public static WorkerStatus of(DrainState drain, int activeTasks, ConnectionState connection) {
    if (drain != DrainState.RUNNING) {
      return DRAINING;
    }
    if (activeTasks > 0) {
      return BUSY;
    }
    return connection == ConnectionState.CONNECTED ? IDLE : DISCONNECTED;
  }
}
