package io.tensorfleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The AOT cache that the build made, beside the delivered jar. */
@Timeout(60)
class AotCacheIT {
  private static final Path APP = Path.of("target", "app").toAbsolutePath();

  /** How the worker refuses settings: a sign that its own code ran. */
  private static final int WRONG_SETTINGS = 2;

  private record Ended(int status, String output) {}

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MAX_CONCURRENT_TASKS", "0");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Ended(process.waitFor(), output);
  }

  private static List<String> java(String... flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:AOTCache=" + APP.resolve("worker.aot"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-jar", APP.resolve("tensorfleet-worker-app.jar").toString()));
    return command;
  }

  @Test
  void theCacheFitsTheJarAndTheFlagsOfTheRealStart() throws Exception {
    Ended ended = run(java("-XX:AOTMode=on", "@" + APP.resolve("jvm.args")));
    assertThat(ended.output()).startsWith("MAX_CONCURRENT_TASKS");
    assertThat(ended.status()).isEqualTo(WRONG_SETTINGS);
  }

  @Test
  void aStartWithOtherFlagsGoesOnWithoutTheCache() throws Exception {
    Ended ended = run(java("-XX:+UseSerialGC"));
    assertThat(ended.output()).contains("MAX_CONCURRENT_TASKS");
    assertThat(ended.status()).isEqualTo(WRONG_SETTINGS);
  }

  @Test
  void theLauncherUsesTheCacheAndPassesTheExitStatusOn() throws Exception {
    Ended ended = run(List.of(APP.resolve("tensorfleet-worker").toString()));
    assertThat(ended.output()).startsWith("MAX_CONCURRENT_TASKS");
    assertThat(ended.status()).isEqualTo(WRONG_SETTINGS);
  }
}
