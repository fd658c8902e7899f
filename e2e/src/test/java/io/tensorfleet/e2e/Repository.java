package io.tensorfleet.e2e;

import java.nio.file.Path;
import java.util.List;

/** Where the checkout is, and the worker's program in it. */
final class Repository {
  private Repository() {}

  static Path root() {
    return Path.of(System.getProperty("tensorfleet.root", "..")).toAbsolutePath().normalize();
  }

  static List<String> workerCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx128m",
        "-jar",
        root().resolve("worker/target/app/tensorfleet-worker.jar").toString());
  }
}
