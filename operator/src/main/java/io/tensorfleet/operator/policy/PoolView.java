package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.WorkerPoolSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that the decision may know of one pool. The runtime's observer fills it; nobody
 * changes it.
 *
 * @param spec the pool's spec as the API server gave it
 * @param queue the last snapshot of the queue, or that there is none to trust: the runtime makes a
 *     stale snapshot (older than three of its 10 s intervals) or a broken stream {@link
 *     QueueView.Unknown}
 * @param pods every Pod of the pool that exists, terminating and finished ones included; the order
 *     does not matter
 * @param revision the revision that a new Pod would have now
 * @param memory what the last plan gave back as {@link ScalePlan#memory}; after a restart {@link
 *     Memory#restored} from status.desiredReplicas
 * @param now the time of the decision
 */
public record PoolView(
    WorkerPoolSpec spec,
    QueueView queue,
    List<PodView> pods,
    String revision,
    Memory memory,
    Instant now) {

  public PoolView {
    pods = pods.stream().sorted(Comparator.comparing(PodView::name)).toList();
  }
}
