package io.tensorfleet.worker.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.Usage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Reads what the machine, or the container's limits, offer and what this process uses. Thread-safe.
 */
public final class MachineReader implements Supplier<Usage> {
  private static final long PAGE = 4096;
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long FRESH_NANOS = 500_000_000L;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final int cores = Runtime.getRuntime().availableProcessors();
  private Usage last = new Usage(0, 0);
  private long readAt;

  /**
   * Measured, where the settings say nothing. The JVM's own figures already respect a container's
   * limits.
   */
  public Capabilities capabilities(WorkerConfig.Machine overrides) {
    return Capabilities.newBuilder()
        .setCpuCores(overrides.cpuCores().orElse(cores))
        .setMemoryBytes(overrides.memoryBytes().orElseGet(system::getTotalMemorySize))
        .setGpuCount(overrides.gpuCount().orElseGet(MachineReader::gpus))
        .build();
  }

  /** At most half a second old. */
  @Override
  public synchronized Usage get() {
    long now = System.nanoTime();
    if (readAt == 0 || now - readAt > FRESH_NANOS) {
      readAt = now;
      last = new Usage(Math.max(0, system.getProcessCpuLoad()) * cores * 100, residentBytes());
    }
    return last;
  }

  private static long residentBytes() {
    try {
      return Long.parseLong(Files.readString(STATM).split(" ", 3)[1]) * PAGE;
    } catch (IOException | RuntimeException _) {
      Runtime runtime = Runtime.getRuntime();
      return runtime.totalMemory() - runtime.freeMemory();
    }
  }

  private static int gpus() {
    int count = 0;
    try (DirectoryStream<Path> devices =
        Files.newDirectoryStream(Path.of("/dev"), "nvidia[0-9]*")) {
      for (Path _ : devices) {
        count++;
      }
    } catch (IOException _) {
      return 0;
    }
    return count;
  }
}
