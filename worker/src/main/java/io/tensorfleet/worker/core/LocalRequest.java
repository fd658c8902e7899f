package io.tensorfleet.worker.core;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP request to a server on loopback, as a browser would describe it. A page of elsewhere can
 * make a browser on this machine send one; its name or its origin gives it away.
 *
 * @param host header {@code Host}
 * @param origin header {@code Origin}, which browsers send with requests across origins
 */
public record LocalRequest(Optional<String> host, Optional<String> origin) {
  private static final Pattern LOOPBACK =
      Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]{1,5})?");

  private static final Pattern ORIGIN = Pattern.compile("https?://([^/]*)");

  /** Why it is refused; empty where it is not. */
  public Optional<String> refusal() {
    if (!LOOPBACK.matcher(host.orElse("")).matches()) {
      return Optional.of(
          "this page is for callers on this machine: ask for it as localhost, 127.0.0.1 or [::1]");
    }
    return origin.isEmpty() || loopback(origin.get())
        ? Optional.empty()
        : Optional.of("this page is not for web pages of other origins");
  }

  private static boolean loopback(String origin) {
    Matcher parts = ORIGIN.matcher(origin);
    return parts.matches() && LOOPBACK.matcher(parts.group(1)).matches();
  }
}
