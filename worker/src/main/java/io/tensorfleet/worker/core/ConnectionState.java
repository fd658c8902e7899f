package io.tensorfleet.worker.core;

import java.util.Locale;

/** How the worker stands with its orchestrator. */
public enum ConnectionState {
  CONNECTED,
  CONNECTING,
  DISCONNECTED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
