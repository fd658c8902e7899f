package io.tensorfleet.worker.core;

/** Where an orchestrator is said to be: {@code host:port}, before it {@code dns:///} or nothing. */
public final class Target {
  private static final String SCHEME = "dns:///";

  private Target() {}

  /** Whether what is sent there stays on this machine, as far as the text alone tells. */
  public static boolean isLoopback(String target) {
    String place = target.startsWith(SCHEME) ? target.substring(SCHEME.length()) : target;
    String host = place.substring(0, Math.max(0, place.lastIndexOf(':')));
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }
}
