package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalingPolicy;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a reconcile costs, by the processor's time of its thread: medians of one run are compared
 * with one another, never with a clock.
 */
class GrowthTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final int ROUNDS = 9;

  /** Ten times the Pods cost ten times as much; a square would cost a hundred times as much. */
  private static final double LINEAR = 30;

  @Test
  void lookingDecidingAndSayingGrowAtMostLinearlyWithThePodsOfThePool() {
    Observation few = observation(300);
    Observation many = observation(3_000);
    reconcile(few);

    double ratio = ratio(_ -> reconcile(few), _ -> reconcile(many));

    assertThat(ratio).isLessThan(LINEAR);
  }

  @Test
  void removingAllGrowsAtMostLinearly() {
    Observation few = idle(300);
    Observation many = idle(3_000);

    double ratio = ratio(_ -> reconcile(few), _ -> reconcile(many));

    assertThat(ratio).isLessThan(LINEAR);
  }

  @Test
  void findingThePodsOfAPoolCostsTheSameHoweverManyOtherPoolsThereAre() {
    PodIndex few = index(10);
    PodIndex many = index(10_000);

    double ratio = ratio(n -> readAll(few, n), n -> readAll(many, n));

    assertThat(ratio).isLessThan(10);
  }

  private static void reconcile(Observation seen) {
    var view = seen.view();
    ScalePlan plan = ScalingPolicy.decide(view);
    var outlook = new Outlook(seen, view, plan, Applied.nothing());
    assertThat(Statuses.of(outlook).replicas()).isEqualTo(seen.pods().size());
    assertThat(StatusChange.of(outlook.memory(), Statuses.of(outlook), NOW)).isNotNull();
  }

  private static void readAll(PodIndex index, int round) {
    for (int n = 0; n < 1_000; n++) {
      assertThat(index.of(new ResourceID("pool-" + (n + round) % 10, "default"))).hasSize(10);
    }
  }

  private static double ratio(IntConsumer small, IntConsumer large) {
    List<Long> smalls = new ArrayList<>();
    List<Long> larges = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      smalls.add(cost(small, round));
      larges.add(cost(large, round));
    }
    return (double) median(larges) / Math.max(1, median(smalls));
  }

  private static long cost(IntConsumer work, int round) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.accept(round);
    return threads.getCurrentThreadCpuTime() - before;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static PodIndex index(int pools) {
    var index = new PodIndex();
    for (int pool = 0; pool < pools; pool++) {
      for (int pod = 0; pod < 10; pod++) {
        index.add(
            new ResourceID("pool-" + pool, "default"),
            new ResourceID("pool-" + pool + "-" + pod, "default"));
      }
    }
    return index;
  }

  private static Observation observation(int pods) {
    return observation(pods, pods * 2L, 1);
  }

  private static Observation idle(int pods) {
    return observation(pods, 0, 0);
  }

  private static Observation observation(int count, long waiting, int busy) {
    WorkerPool pool = Pools.pool();
    pool.setSpec(pool.getSpec().withBounds(0, 10_000));
    var snapshot = QueueSnapshot.newBuilder().setQueue("default").setWaiting(waiting);
    IntStream.range(0, count).forEach(n -> snapshot.addWorkers(worker(n, busy)));
    return new Observation(
        pool,
        Pools.blueprint(),
        pods(count),
        new QueueReading.Known(snapshot.build(), NOW),
        PoolMemory.of(pool, Optional.empty(), List::of),
        NOW);
  }

  private static WorkerState worker(int n, int busy) {
    return WorkerState.newBuilder()
        .setWorkerId("demo-" + n)
        .setIncarnation("first")
        .setSlots(1)
        .setBusy(busy)
        .build();
  }

  private static List<Pod> pods(int count) {
    var blueprint = Pools.blueprint();
    var pool = Pools.pool();
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              Pod pod = blueprint.pod(pool, "demo-" + n);
              pod.getMetadata().setUid("uid-" + n);
              pod.getMetadata().setResourceVersion("1");
              pod.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
              pod.setStatus(
                  new PodStatusBuilder()
                      .withPhase("Running")
                      .withConditions(
                          new PodConditionBuilder().withType("Ready").withStatus("True").build())
                      .build());
              return pod;
            })
        .toList();
  }
}
