package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.policy.PodPhase.Blocked;
import java.time.Duration;

/**
 * What a pool has room for, as the other pools of its queue need to know it.
 *
 * @param slots tasks that one worker runs at once
 * @param supply workers that count: ready and starting ones
 * @param most workers that it may have; where it cannot grow, those that are there
 * @param keptFree slots that it keeps free on top of its work
 * @param drainSeconds the time in which it wants waiting work done; 0: one slot a task
 */
public record Standing(int slots, int supply, int most, int keptFree, double drainSeconds) {

  /**
   * Of a pool that has been looked at.
   *
   * @param held whether something else than its Pods keeps it from getting more, such as a quota
   */
  public static Standing of(PoolView view, boolean held) {
    Fleet fleet = Fleet.of(view);
    return of(view.spec(), fleet.supply(), held || stuck(view, fleet));
  }

  /** Of a pool that is known by its spec and its workers' number only. */
  public static Standing of(WorkerPoolSpec spec, int supply, boolean held) {
    return new Standing(
        spec.slotsPerWorker(),
        supply,
        held ? supply : most(spec, supply),
        spec.scaling().minIdle(),
        spec.scaling().targetDrain().map(Duration::toNanos).orElse(0L) / 1e9);
  }

  /** Slots that no task holds now, with so many running. */
  double free(long running) {
    return Math.max(0, (double) supply * slots - running);
  }

  /** Slots that waiting work may have, with so many running, in workers that are and may be. */
  double room(long running) {
    return Math.max(0, (double) Math.max(most, supply) * slots - running - keptFree);
  }

  /** Slots that one waiting task of this mean counts as. */
  double weight(double meanSeconds) {
    return drainSeconds == 0 || meanSeconds == 0 ? 1 : Math.min(1, meanSeconds / drainSeconds);
  }

  boolean grows() {
    return most > supply;
  }

  private static boolean stuck(PoolView view, Fleet fleet) {
    return fleet.failed().stream().anyMatch(pod -> pod.phase() instanceof Blocked)
        || Breakers.of(view, view.memory().rollout()).hold();
  }

  private static int most(WorkerPoolSpec spec, int supply) {
    ScalingMode mode = spec.scaling().mode();
    if (mode == ScalingMode.Paused || mode == ScalingMode.PausedOut || mode == ScalingMode.DryRun) {
      return supply;
    }
    Bounds bounds = Bounds.of(spec);
    return spec.decidedElsewhere().isPresent()
        ? bounds.clamp(spec.decidedElsewhere().getAsInt())
        : bounds.max();
  }
}
