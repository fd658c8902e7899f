package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.PodDefaults;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.policy.Decision;
import io.tensorfleet.operator.policy.Memory;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pools, Pods and plans as the tests of this package need them. */
final class Pools {
  static final PodDefaults DEFAULTS = new PodDefaults("worker:1", "queue:50051");
  static final ScalePlan.Notes NO_NOTES =
      new ScalePlan.Notes(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private Pools() {}

  /** Nobody is listed, and no cordon was left behind. */
  static Deed.Workers workers() {
    return new Deed.Workers(Set.of(), Map.of(), NOON);
  }

  static WorkerPool pool() {
    var pool = new WorkerPool();
    pool.getMetadata().setName("demo");
    pool.getMetadata().setNamespace("default");
    pool.getMetadata().setUid("pool-uid");
    pool.getMetadata().setGeneration(3L);
    pool.setSpec(WorkerPoolSpec.defaults());
    return pool;
  }

  /** The name of the pool's Pod of this number. */
  static String podName(int number) {
    return PodNames.stem(pool()) + "-" + number;
  }

  static Blueprint.Valid blueprint() {
    return (Blueprint.Valid) Blueprint.of(pool(), DEFAULTS);
  }

  static Pod pod(String name) {
    Pod pod = blueprint().pod(pool(), name);
    pod.getMetadata().setUid("uid-" + name);
    pod.getMetadata().setResourceVersion("1");
    pod.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    return pod;
  }

  static ScalePlan plan(int from, int size, int creates, Retirement... retirements) {
    var decision =
        new Decision(
            "from " + from + " to " + size,
            Decision.Rule.Demand,
            from,
            size,
            size,
            size,
            size,
            Optional.empty());
    return new ScalePlan(
        creates, List.of(retirements), size, decision, NO_NOTES, Memory.restored(size));
  }

  static Retirement retire(String pod, Retirement.Reason reason) {
    return new Retirement(pod, "uid-" + pod, "first", reason);
  }
}
