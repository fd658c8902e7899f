package io.tensorfleet.worker.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.Capacity;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.core.VisibleGpus;
import io.tensorfleet.worker.machine.Gpus;
import io.tensorfleet.worker.machine.LimitsReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the machine, or the container's limits, offer and what this process uses. Thread-safe.
 */
public final class MachineReader implements Supplier<Usage>, AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");
  private static final long FRESH_NANOS = 500_000_000L;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final CpuMeter cpu = new CpuMeter(system::getProcessCpuTime, System::nanoTime);
  private final WorkerConfig.Machine settings;
  private final Gpus gpus;
  private final Capacity capacity;
  private Usage last = new Usage(0, 0);
  private long readAt;

  public MachineReader(WorkerConfig.Machine settings) {
    this.settings = settings;
    this.gpus = new Gpus(Path.of("/"), settings.nvmlLibrary(), System::nanoTime);
    this.capacity = measured(new LimitsReader(Path.of("/")));
  }

  private Capacity measured(LimitsReader reader) {
    Capacity machine =
        new Capacity(
            Runtime.getRuntime().availableProcessors(),
            reader.machineMemory().orElseGet(system::getTotalMemorySize));
    return machine.within(reader.limits());
  }

  /** Measured. */
  public Capacity capacity() {
    return capacity;
  }

  /** Measured, where the settings say nothing. May wait 2 s for a GPU's driver. */
  public Capabilities capabilities() {
    return Capabilities.newBuilder()
        .setCpuCores(settings.cpuCores().orElseGet(capacity::wholeCores))
        .setMemoryBytes(settings.memoryBytes().orElseGet(capacity::memoryBytes))
        .setGpuCount(
            settings
                .gpuCount()
                .orElseGet(() -> VisibleGpus.count(gpus.count(), settings.visibleGpus())))
        .build();
  }

  /** At most half a second old. */
  @Override
  public synchronized Usage get() {
    long now = System.nanoTime();
    if (readAt == 0 || now - readAt > FRESH_NANOS) {
      readAt = now;
      last = new Usage(cpu.percent(), residentBytes(), gpus.get());
    }
    return last;
  }

  private static long residentBytes() {
    try {
      Matcher resident = RESIDENT.matcher(Files.readString(STATUS));
      if (resident.find()) {
        return Long.parseLong(resident.group(1)) * 1024;
      }
    } catch (IOException | RuntimeException _) {
      // no such file here: what the JVM itself knows is told
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public void close() {
    gpus.close();
  }
}
