package io.tensorfleet.worker.core;

import java.util.Optional;

/**
 * An epoch that is done.
 *
 * @param done epochs done in all, those resumed from included; 0 where none is
 * @param total epochs of the whole run; 0 where it is not known yet
 * @param checkpoint from which another attempt can go on after this epoch
 */
public record Epoch(int done, int total, EpochMetrics metrics, Optional<Checkpoint> checkpoint) {}
