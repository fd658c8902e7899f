package io.tensorfleet.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Makes names that no other process has. */
final class Names {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
  private static final int MAX_HOST = 200;

  private Names() {}

  /** Host name and a random suffix. */
  static String workerId() {
    String host = host().replaceAll("[^A-Za-z0-9._-]", "-");
    return host.substring(0, Math.min(MAX_HOST, host.length())) + "-" + random();
  }

  static String incarnation() {
    return Long.toString(System.currentTimeMillis(), 36) + "-" + random();
  }

  private static String host() {
    try {
      String host = Files.readString(HOST).strip();
      return host.isEmpty() ? "worker" : host;
    } catch (IOException _) {
      return "worker";
    }
  }

  private static String random() {
    return Long.toString(ThreadLocalRandom.current().nextLong(1L << 50), 36);
  }
}
