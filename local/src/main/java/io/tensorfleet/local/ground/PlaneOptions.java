package io.tensorfleet.local.ground;

/**
 * How a control plane is started.
 *
 * @param port of the API server, 0 for any free one
 * @param audit whether the API server writes down who did what
 */
public record PlaneOptions(int port, boolean audit) {
  /** On this port, without an audit log. */
  public static PlaneOptions on(int port) {
    return new PlaneOptions(port, false);
  }

  /** The same with an audit log. */
  public PlaneOptions audited() {
    return new PlaneOptions(port, true);
  }
}
