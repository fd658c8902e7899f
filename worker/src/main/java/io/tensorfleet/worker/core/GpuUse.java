package io.tensorfleet.worker.core;

import java.util.Optional;

/**
 * What is used of one GPU, by whomever; what could not be read is empty.
 *
 * @param index from 0, as the driver counts
 * @param percent of the time in which it was busy, 0 to 100
 * @param memory its memory
 */
public record GpuUse(int index, Optional<Integer> percent, Optional<Memory> memory) {

  /** In bytes. */
  public record Memory(long used, long total) {}
}
