package io.tensorfleet.local.ground;

/** A ground that cannot be stood on; the message says why and what to do. */
public final class GroundException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GroundException(String message) {
    super(message);
  }
}
