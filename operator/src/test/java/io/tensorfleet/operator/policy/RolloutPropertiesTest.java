package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.tensorfleet.crds.Update;
import io.tensorfleet.operator.policy.PodPhase.Ready;
import io.tensorfleet.operator.policy.PodPhase.Starting;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds at every step of a rollout, whatever its bounds and whoever is busy. */
class RolloutPropertiesTest {
  private static final int LONGEST = 400;

  @Property(tries = 300)
  void theBoundsHoldAtEveryStepNobodyBusyGoesAndItEndsOnTheNewRevision(@ForAll long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(12);
    Update update = update(random, "1h");
    Pool pool = new Pool().bounds(size, 100).spec(s -> s.withUpdate(update));
    for (int i = 0; i < size; i++) {
      pool.pod(Pods.ready("old%02d".formatted(i), random.nextInt(3)).build());
    }
    pool.step();
    pool.revision("r2");
    boolean flooded = random.nextBoolean();
    for (int step = 0; step < LONGEST; step++) {
      live(pool.later(1 + random.nextInt(4)), random, flooded);
      judge(pool, size, update);
    }
    assertThat(pool.pods()).hasSize(size).allMatch(pod -> pod.revision().equals("r2"));
  }

  @Property(tries = 300)
  void ofABadRevisionFewPodsAreMadeAndTheOldOneWorksOn(@ForAll long seed) {
    Random random = new Random(seed);
    int size = 1 + random.nextInt(12);
    Update update = update(random, "1m");
    Pool pool = new Pool().bounds(size, 100).spec(s -> s.withUpdate(update)).idle(size);
    pool.step();
    pool.revision("r2");
    int first = Math.max(1, update.surgeFor(size) + update.unavailableFor(size));
    for (int step = 0; step < LONGEST; step++) {
      pool.later(1 + random.nextInt(4));
      judge(pool, size, update);
      pool.breaks("r2", PodPhase.Cause.CRASH_LOOP);
      live(pool, random, true);
    }
    assertThat(pool.made("r2")).isLessThanOrEqualTo(first);
    assertThat(ready(pool, Pool.REVISION)).isEqualTo(size);
    if (update.rollback()) {
      assertThat(pool.pods()).hasSize(size);
    }
  }

  private static Update update(Random random, String deadline) {
    Object surge = random.nextBoolean() ? random.nextInt(3) : random.nextInt(60) + "%";
    Object missing = random.nextBoolean() ? random.nextInt(3) : random.nextInt(60) + "%";
    return new Update(
        new IntOrString(surge),
        new IntOrString(missing),
        random.nextBoolean() ? null : 1 + random.nextInt(100),
        deadline,
        random.nextBoolean());
  }

  /** One step of the pool's decision, judged by what it does. */
  private static void judge(Pool pool, int size, Update update) {
    int before = pool.pods().size();
    long readyBefore = ready(pool, "");
    ScalePlan plan = pool.plan();
    for (Retirement gone : plan.retirements()) {
      if (!gone.reason().drains()) {
        assertThat(pool.pod(gone.pod()).busy()).as("%s is busy", gone).isFalse();
      }
    }
    pool.step();
    int missing = update.unavailableFor(size);
    int fewest = size - (missing == 0 && update.surgeFor(size) == 0 ? 1 : missing);
    assertThat(pool.pods().size())
        .as("Pods that occupy a machine")
        .isLessThanOrEqualTo(Math.max(before, size + update.surgeFor(size)));
    assertThat(ready(pool, ""))
        .as("ready workers")
        .isGreaterThanOrEqualTo(Math.min(readyBefore, fewest));
    if (update.canaryPercent().isPresent() && !plan.memory().rollout().settled()) {
      assertThat(count(pool, "r2")).isLessThanOrEqualTo(Rollout.canary(update, size));
    }
  }

  /**
   * Some of what starts becomes ready, of what leaves is gone; workers take and finish tasks, and
   * while work floods the queue only one that is given none is ever idle.
   */
  private static void live(Pool pool, Random random, boolean flooded) {
    pool.each(
        pod ->
            switch (pod.phase()) {
              case Terminating _ when random.nextInt(3) == 0 -> null;
              case Starting _ when random.nextInt(3) == 0 -> Pods.from(pod).ready(0).build();
              case Ready _ when random.nextInt(4) == 0 ->
                  Pods.from(pod)
                      .ready(pod.cordoned() ? 0 : flooded ? 1 : random.nextInt(2))
                      .build();
              default -> pod;
            });
  }

  private static long ready(Pool pool, String revision) {
    return pool.pods().stream()
        .filter(pod -> pod.phase() instanceof Ready && !pod.cordoned())
        .filter(pod -> pod.revision().contains(revision))
        .count();
  }

  private static long count(Pool pool, String revision) {
    return pool.pods().stream()
        .filter(pod -> !(pod.phase() instanceof Terminating) && pod.revision().equals(revision))
        .count();
  }
}
