package io.tensorfleet.orchestrator;

/** Where a server listens; port 0 means any free one. */
public record Address(String host, int port) {
  public Address {
    if (host.isEmpty() || port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "'" + host + ":" + port + "': accepted is host:port, port 0 to 65535");
    }
  }

  static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new Address(
          text.substring(0, Math.max(colon, 0)), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no port number", e);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
