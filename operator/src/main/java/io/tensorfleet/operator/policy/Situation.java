package io.tensorfleet.operator.policy;

import java.util.Optional;

/**
 * A view, and what follows from it before anything is decided.
 *
 * @param size the size decided last, or the supply where none was
 * @param demand empty when the queue is unknown
 */
record Situation(
    PoolView view, Fleet fleet, Schedules schedules, int size, Optional<Demand> demand) {}
