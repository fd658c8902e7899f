package io.tensorfleet.worker.core;

import java.util.Optional;

/** Who may ask for profiles. A profile slows the process down and shows what its code does. */
public enum ProfileAccess {
  /** Whoever reaches a server that listens on loopback only. */
  AUTO,
  /** Whoever reaches the server. */
  ON,
  /** Nobody. */
  OFF;

  /**
   * Why profiles are refused; empty where they are not.
   *
   * @param loopback whether the server listens on a loopback address, whoever the caller is
   */
  public Optional<String> refusal(boolean loopback) {
    return switch (this) {
      case ON -> Optional.empty();
      case OFF -> Optional.of("profiles are switched off: PPROF is off; accepted: auto, on, off");
      case AUTO ->
          loopback
              ? Optional.empty()
              : Optional.of(
                  "profiles are off, because this worker listens beyond loopback: set PPROF=on,"
                      + " or BIND_ADDRESS to a loopback address such as 127.0.0.1");
    };
  }
}
