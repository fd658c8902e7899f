package io.tensorfleet.operator.queue;

import io.tensorfleet.crds.OrchestratorRef;

/**
 * How connections to orchestrators are told apart: by the address alone where it is asked in
 * plaintext, by {@code tls://} and the address where it is asked in TLS.
 */
public final class Targets {
  private static final String TLS = "tls://";

  private Targets() {}

  /**
   * Where the queue of a pool is.
   *
   * @param usual the orchestrator of a pool that names none
   */
  public static String of(OrchestratorRef pool, String usual) {
    String address = pool.ownAddress().orElse(usual);
    return pool.tls() == null ? address : TLS + address;
  }

  static boolean isTls(String target) {
    return target.startsWith(TLS);
  }

  static String address(String target) {
    return isTls(target) ? target.substring(TLS.length()) : target;
  }
}
