package io.tensorfleet.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the checkout is, and the programs in it. */
public final class Repository {
  private Repository() {}

  public static Path root() {
    return Path.of(System.getProperty("tensorfleet.root", "..")).toAbsolutePath().normalize();
  }

  /** {@code tensorfleet} with these words, as the script at the root runs it. */
  public static List<String> tensorfleet(String... words) {
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dtensorfleet.root=" + root(),
                "-jar",
                root().resolve("cli/target/app/tensorfleet-cli-app.jar").toString()),
            Stream.of(words))
        .toList();
  }
}
