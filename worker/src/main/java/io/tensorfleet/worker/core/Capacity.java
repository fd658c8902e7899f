package io.tensorfleet.worker.core;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the machine, or the container's limits, leave to this process.
 *
 * @param cpuCores more than 0; a quota may leave a part of a core
 * @param memoryBytes more than 0
 */
public record Capacity(double cpuCores, long memoryBytes) {

  /**
   * What limits were found, empty where there is none.
   *
   * @param cpuQuota cores' worth of time
   * @param cpus processors that it may run on
   */
  public record Limits(Optional<Double> cpuQuota, Optional<Integer> cpus, Optional<Long> memory) {
    public static final Limits NONE =
        new Limits(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The machine's own, cut to the limits. */
  public Capacity within(Limits limits) {
    double cores =
        Stream.concat(limits.cpuQuota().stream(), limits.cpus().map(Integer::doubleValue).stream())
            .reduce(cpuCores, Math::min);
    return new Capacity(cores, Math.min(memoryBytes, limits.memory().orElse(memoryBytes)));
  }

  /**
   * Whole cores, rounded down, so that no more is promised than is there; at least 1, since a
   * worker without a core could take no task.
   */
  public int wholeCores() {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.floor(cpuCores)));
  }
}
