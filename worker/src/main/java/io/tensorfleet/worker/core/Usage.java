package io.tensorfleet.worker.core;

/**
 * What this process uses of the machine.
 *
 * @param cpuPercent percent of one core: two busy cores are 200
 * @param memoryBytes resident memory
 */
public record Usage(double cpuPercent, long memoryBytes) {}
