package io.tensorfleet.local;

/** A fleet that cannot start; the message says why and what to do. */
public final class FleetException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FleetException(String message) {
    super(message);
  }

  public FleetException(String message, Throwable cause) {
    super(message, cause);
  }
}
