package io.tensorfleet.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.tensorfleet.worker.core.GpuUse;
import io.tensorfleet.worker.core.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a stand-in for NVIDIA's library, which a C compiler makes here. */
@Timeout(120)
class GpusTest {
  private static final GpuUse.Memory MEMORY = new GpuUse.Memory(20L << 30, 80L << 30);
  private static final List<GpuUse> THREE =
      List.of(
          new GpuUse(0, Optional.of(40), Optional.of(MEMORY)),
          new GpuUse(1, Optional.of(20), Optional.of(MEMORY)),
          new GpuUse(2, Optional.empty(), Optional.empty()));

  @TempDir private Path root;
  private final AtomicLong clock = new AtomicLong(1);

  private Path log() {
    return root.resolve("log");
  }

  private String library(int initResult) throws IOException, InterruptedException {
    Path library = root.resolve("libfake.so");
    ProcessBuilder compiler =
        new ProcessBuilder(
                "cc",
                "-shared",
                "-fPIC",
                "-DFAKE_LOG=\"" + log() + "\"",
                "-DFAKE_INIT=" + initResult,
                "-o",
                library.toString(),
                "src/test/resources/fake-nvml.c")
            .inheritIO();
    try {
      assertThat(compiler.start().waitFor()).isZero();
    } catch (IOException none) {
      String why = "no C compiler (cc) is on the PATH: GPUs were not tried against a library";
      if (System.getenv("CI") != null) {
        throw new AssertionError(why, none);
      }
      System.out.println("SKIPPED: " + why);
      abort(why);
    }
    return library.toString();
  }

  private void driver(int devices) throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev/nvidiactl"));
    for (int i = 0; i < devices; i++) {
      Files.createFile(root.resolve("dev/nvidia" + i));
    }
  }

  private List<GpuUse> awaitUse(Gpus gpus) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    List<GpuUse> use = gpus.get();
    while (use.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
      use = gpus.get();
    }
    return use;
  }

  @Test
  void theLibrarysFiguresAreToldAndALostGpuHasNone() throws Exception {
    driver(1);
    try (Gpus gpus = new Gpus(root, library(0), clock::get)) {
      assertThat(gpus.count()).isEqualTo(3);
      assertThat(awaitUse(gpus)).isEqualTo(THREE);
      clock.addAndGet(Duration.ofSeconds(11).toNanos());
      assertThat(gpus.get()).as("what is too old").isEmpty();
      assertThat(awaitUse(gpus)).as("read anew").isEqualTo(THREE);
    }
    assertThat(Files.readAllLines(log())).containsExactly("init", "shutdown");
  }

  @Test
  void manyThreadsMayAskWhileItIsClosed() throws Exception {
    Nvml nvml = Nvml.open(library(0)).orElseThrow();
    List<Thread> askers =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(_ -> Thread.ofPlatform().start(() -> askUntilNoneIsLeft(nvml)))
            .toList();
    assertThat(nvml.use()).isEqualTo(THREE);
    nvml.close();
    nvml.close();
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(nvml.count()).isEmpty();
    assertThat(Files.readAllLines(log())).containsExactly("init", "shutdown");
  }

  private static void askUntilNoneIsLeft(Nvml nvml) {
    while (!nvml.use().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void namesAreRead() throws Exception {
    try (Nvml nvml = Nvml.open(library(0)).orElseThrow()) {
      assertThat(nvml.names()).containsExactly("Fake 0", "Fake 1", "Fake 2");
    }
  }

  @Test
  void aLibraryThatDoesNotWantToLeavesTheDeviceFiles() throws Exception {
    driver(2);
    try (Gpus gpus = new Gpus(root, library(9), clock::get)) {
      assertThat(gpus.count()).isEqualTo(2);
      assertThat(gpus.get()).isEmpty();
    }
    assertThat(Files.readAllLines(log())).containsExactly("init");
  }

  @Test
  void aLibraryThatIsNoneOrLacksFunctionsIsNoError() throws IOException {
    driver(2);
    Path text = Files.writeString(root.resolve("text.so"), "no library");
    for (String name : List.of("libnothere-ml.so.1", text.toString(), "libm.so.6")) {
      try (Gpus gpus = new Gpus(root, name, clock::get)) {
        assertThat(gpus.count()).as(name).isEqualTo(2);
        assertThat(gpus.get()).as(name).isEmpty();
      }
    }
  }

  @Test
  void withoutADriverNothingIsLoadedAndNoThreadBegun() throws Exception {
    String library = library(0);
    try (Gpus gpus = new Gpus(root, library, clock::get)) {
      assertThat(gpus.count()).isZero();
      assertThat(gpus.get()).isEmpty();
    }
    assertThat(log()).doesNotExist();
  }

  @Test
  void theHeartbeatsFiguresAreTheMeanAndTheSum() {
    Usage usage = new Usage(0, 0, THREE);
    assertThat(usage.gpuPercent()).isEqualTo(30);
    assertThat(usage.gpuMemoryBytes()).isEqualTo(40L << 30);
    assertThat(new Usage(0, 0).gpuPercent()).isZero();
  }
}
