package io.tensorfleet.worker.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** Says why a port cannot be listened on. */
final class Ports {
  private Ports() {}

  /** Names the variable, the address and the innermost reason. */
  static UncheckedIOException failed(
      String variable, InetSocketAddress address, Exception failure) {
    String reason = address.isUnresolved() ? "no such host is known" : innermost(failure);
    String sentence =
        "%s: cannot listen on %s:%d (BIND_ADDRESS): %s; name a free port, or 0 for any"
            .formatted(variable, address.getHostString(), address.getPort(), reason);
    return new UncheckedIOException(sentence, new IOException(failure));
  }

  private static String innermost(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage());
  }
}
