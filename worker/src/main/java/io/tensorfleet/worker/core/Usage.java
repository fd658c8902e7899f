package io.tensorfleet.worker.core;

import java.util.List;

/**
 * What this process uses of the machine.
 *
 * @param cpuPercent percent of one core: two busy cores are 200; what is no number counts as 0
 * @param memoryBytes resident memory
 * @param gpus what is used of each GPU; empty where there is none
 */
public record Usage(double cpuPercent, long memoryBytes, List<GpuUse> gpus) {
  public Usage {
    cpuPercent = Double.isFinite(cpuPercent) ? Math.max(0, cpuPercent) : 0;
    gpus = List.copyOf(gpus);
  }

  public Usage(double cpuPercent, long memoryBytes) {
    this(cpuPercent, memoryBytes, List.of());
  }

  /** The mean of those GPUs that told theirs, 0 to 100. */
  public double gpuPercent() {
    return gpus.stream()
        .flatMap(gpu -> gpu.percent().stream())
        .mapToInt(percent -> percent)
        .average()
        .orElse(0);
  }

  /** Used on all GPUs together. */
  public long gpuMemoryBytes() {
    return gpus.stream().flatMap(gpu -> gpu.memory().stream()).mapToLong(GpuUse.Memory::used).sum();
  }
}
