package io.tensorfleet.operator.pool;

import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.Map;
import java.util.Optional;

/**
 * What of a queue's snapshot concerns one pool.
 *
 * @param queue its part of the work; empty while that is not worked out yet
 * @param roster all workers of the snapshot
 */
record Part(Optional<QueueView.Known> queue, Roster roster) {
  Map<String, WorkerState> workers() {
    return roster.workers();
  }
}
