package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.policy.ScalePlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan, and what is needed to carry it out.
 *
 * @param stable what Pods of the revision that worked last look like
 * @param pods every Pod that carries the pool's label, as last seen
 * @param address the orchestrator to ask before a worker is removed
 */
record Deed(
    WorkerPool pool,
    Blueprint blueprint,
    Blueprint stable,
    List<Pod> pods,
    ScalePlan plan,
    String address,
    Workers workers) {

  Deed {
    pods = List.copyOf(pods);
  }

  /** Of a plan whose Pods are all of the newest revision. */
  Deed(
      WorkerPool pool,
      Blueprint blueprint,
      List<Pod> pods,
      ScalePlan plan,
      String address,
      Workers workers) {
    this(pool, blueprint, blueprint, pods, plan, address, workers);
  }

  Deed withStable(Blueprint other) {
    return new Deed(pool, blueprint, other, pods, plan, address, workers);
  }

  /**
   * What is known of the workers.
   *
   * @param listed those that the orchestrator knows: a Pod of the same name would be taken for them
   * @param cordons left behind by removals that did not come through, by the UIDs of the Pods
   * @param creations how creations went so far: after a refusal they begin with a single one
   */
  record Workers(
      Set<String> listed, Map<String, OwnCordon> cordons, Creations creations, Instant now) {
    Workers(Set<String> listed, Map<String, OwnCordon> cordons, Instant now) {
      this(listed, cordons, Creations.unhindered(), now);
    }

    Workers {
      listed = Set.copyOf(listed);
      cordons = Map.copyOf(cordons);
    }
  }
}
