package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerSettings;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalingPolicy;
import io.tensorfleet.operator.telemetry.PoolMetrics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator dies at any write, before or after it came through, while a pool grows from 0 to 12,
 * shrinks to 5 and to 0. Whatever the write: the next process ends in the same place.
 */
class CrashAnywhereTest {
  private static final int WINDOW_SECONDS = 5;
  private static final int LONGEST = 30;
  private static final List<Integer> TASKS = List.of(12, 5, 0);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNextProcessEndsInTheSamePlace(boolean afterTheWrite) {
    for (int phase = 0; phase < TASKS.size(); phase++) {
      int write = 1;
      while (new Life(afterTheWrite).diedAt(phase, write)) {
        write++;
      }
      assertThat(write).as("writes of phase %d", phase).isGreaterThan(10);
    }
  }

  /** A pool from its beginning to its end, under one operator that dies and one that does not. */
  private static final class Life {
    private final CrashWorld world = new CrashWorld();
    private final Reporter reporter = new Reporter(world, new PoolMetrics(), "operator");
    private final boolean afterTheWrite;
    private Optional<PoolMemory> memory = Optional.empty();
    private Instant now = Pools.NOON;

    Life(boolean afterTheWrite) {
      this.afterTheWrite = afterTheWrite;
    }

    /** False when there is no such write. */
    boolean diedAt(int wanted, int write) {
      boolean died = false;
      for (int phase = 0; phase < TASKS.size(); phase++) {
        if (phase == wanted) {
          world.dieAt(write, afterTheWrite);
        }
        died |= phase(TASKS.get(phase), "dead at write " + write + " of phase " + wanted);
        world.dieAt(Integer.MAX_VALUE, false);
      }
      assertThat(world.told()).doesNotHaveDuplicates();
      return died;
    }

    private boolean phase(int tasks, String how) {
      int madeAtMost = world.made() + Math.max(0, tasks - world.pods().size());
      world.tasks(tasks);
      boolean died = false;
      for (int second = 0; second < LONGEST; second++) {
        died |= reconcile();
        world.goOn();
        now = now.plusSeconds(1);
      }
      assertThat(world.pods()).as(how).hasSize(tasks);
      assertThat(world.made()).as("Pods made, %s", how).isLessThanOrEqualTo(madeAtMost);
      assertThat(world.cordonedLeft()).as("left cordoned, %s", how).isZero();
      assertThat(world.faults()).as(how).isEmpty();
      assertThat(world.status().map(WorkerPoolStatus::desiredReplicas)).as(how).contains(tasks);
      int writes = world.writes();
      reconcile();
      assertThat(world.writes()).as("writes at rest, %s", how).isEqualTo(writes);
      return died;
    }

    /** One look at the pool; true when the process died of it. */
    private boolean reconcile() {
      try (var parallel = new Parallel()) {
        act(new PlanApplier(world, world, parallel));
      } catch (CrashWorld.Crash | IllegalStateException dead) {
        memory = Optional.empty();
      }
      return world.restart();
    }

    private void act(PlanApplier applier) {
      var seen = seen(pool());
      ScalePlan plan = ScalingPolicy.decide(seen.view());
      Applied applied = applier.apply(seen.deed(plan, "queue:50051"));
      var outlook = new Outlook(seen, seen.view(), plan, applied);
      memory = Optional.of(outlook.memory());
      memory = Optional.of(reporter.report(new PoolKey("default", "demo"), outlook).memory());
    }

    private Observation seen(WorkerPool pool) {
      return new Observation(
          pool,
          Pools.blueprint(),
          world.pods(),
          world.queue(now),
          PoolMemory.of(pool, memory, List::of),
          now);
    }

    private WorkerPool pool() {
      WorkerPool pool = Pools.pool();
      var rules = new Behavior(ScalingRules.window(0), ScalingRules.window(WINDOW_SECONDS));
      pool.setSpec(
          WorkerPoolSpec.defaults()
              .withBounds(0, 20)
              .withWorker(WorkerSettings.withSlots(1))
              .withScaling(Scaling.defaults().withBehavior(rules)));
      pool.setStatus(world.status().orElse(null));
      return pool;
    }
  }
}
