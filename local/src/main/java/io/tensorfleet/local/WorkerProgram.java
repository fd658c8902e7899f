package io.tensorfleet.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The worker as a program of this machine. */
final class WorkerProgram {
  private static final Path JAR = Path.of("worker", "target", "app", "tensorfleet-worker-app.jar");

  private WorkerProgram() {}

  /**
   * The command of the worker that Maven built, under the folder that the system property {@code
   * tensorfleet.root} names, else under the working directory.
   */
  static List<String> built() {
    Path root = Path.of(Optional.ofNullable(System.getProperty("tensorfleet.root")).orElse(""));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-jar",
        root.resolve(JAR).toAbsolutePath().normalize().toString());
  }
}
