package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalingPolicy;
import io.tensorfleet.operator.pool.Unconfirmed.Found;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a reconcile costs, by the Pods of its pool and by the other pools that there are. */
class GrowthTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final int[] SIZES = {500, 1_000, 2_000, 4_000, 8_000};

  /** Between n log n, which fits 1.13 best for these sizes, and n to the 1.5th. */
  private static final double LINEAR = 1.3;

  /** What does not grow with a thousand times as many pools may still find its memory farther. */
  private static final double ALIKE = 2;

  private static final List<Pod> PODS = pods(SIZES[SIZES.length - 1]);

  @Test
  void theMeasureTellsNLogNFromNToTheOneAndAHalf() {
    assertThat(Growth.power(n -> () -> spin(100 * n * Math.log(n)), LINEAR, SIZES))
        .isLessThan(LINEAR);
    assertThat(Growth.power(n -> () -> spin(10 * n * Math.sqrt(n)), LINEAR, SIZES))
        .isGreaterThan(LINEAR);
  }

  private static void spin(double times) {
    long value = 1;
    for (long n = 0; n < (long) times; n++) {
      value ^= value << 13;
      value ^= value >>> 7;
      value ^= value << 17;
    }
    assertThat(value).isNotZero();
  }

  @Test
  void lookingDecidingAndSayingGrowAtMostLinearlyWithThePodsOfThePool() {
    assertThat(Growth.power(n -> reconciling(observation(n, n * 2L, 1)), LINEAR, SIZES))
        .isLessThan(LINEAR);
  }

  @Test
  void removingAllGrowsAtMostLinearly() {
    assertThat(Growth.power(n -> reconciling(observation(n, 0, 0)), LINEAR, SIZES))
        .isLessThan(LINEAR);
  }

  @Test
  void findingThePodsOfAPoolCostsTheSameHoweverManyOtherPoolsThereAre() {
    PodIndex few = index(10);
    PodIndex many = index(10_000);

    assertThat(Growth.ratio(() -> readAll(many), () -> readAll(few), ALIKE)).isLessThan(ALIKE);
  }

  @Test
  void lookingForUnconfirmedPodsCostsTheSameHoweverManyOtherPoolsHave() {
    Unconfirmed few = unconfirmed(10);
    Unconfirmed many = unconfirmed(10_000);

    assertThat(Growth.ratio(() -> lookFor(many), () -> lookFor(few), ALIKE)).isLessThan(ALIKE);
  }

  /** Also counted: each pool but its own queue's stays asleep. */
  @Test
  void thePartOfAPoolCostsTheSameHoweverManyPoolsServeOtherQueues() {
    Set<PoolKey> woken = new HashSet<>();
    Neighbours few = neighbours(10, woken);
    Neighbours many = neighbours(50_000, woken);
    WorkerPool own = numbered(0);

    assertThat(Growth.ratio(() -> placeAll(many, own), () -> placeAll(few, own), ALIKE))
        .isLessThan(ALIKE);
    assertThat(woken).allMatch(pool -> queue(pool).equals(queue(PoolKey.of(own))));
  }

  private static void placeAll(Neighbours neighbours, WorkerPool pool) {
    for (int waiting = 1; waiting <= 100; waiting++) {
      var snapshot = QueueSnapshot.newBuilder().setWaiting(waiting).build();
      var seen = observation(pool, List.of(), new QueueReading.Known(snapshot, NOW));
      assertThat(neighbours.place(PoolKey.of(pool), seen).part()).isPresent();
    }
  }

  /** Ten pools of each queue. */
  private static Neighbours neighbours(int pools, Set<PoolKey> woken) {
    var neighbours = new Neighbours(pool -> queue(PoolKey.of(pool)), woken::add);
    IntStream.range(0, pools).forEach(n -> neighbours.seen(numbered(n)));
    return neighbours;
  }

  private static QueueKey queue(PoolKey pool) {
    int number = Integer.parseInt(pool.name().substring(pool.name().indexOf('-') + 1));
    return new QueueKey("queue:50051", "queue-" + number / 10);
  }

  private static WorkerPool numbered(int number) {
    WorkerPool pool = Pools.pool();
    pool.getMetadata().setName("pool-" + number);
    pool.getMetadata().setUid("uid-" + number);
    return pool;
  }

  /** Each pool has one, and they are due. */
  private static Unconfirmed unconfirmed(int pools) {
    var unconfirmed = new Unconfirmed();
    for (int pool = 0; pool < pools; pool++) {
      unconfirmed.made(new ResourceID("pool-" + pool, "default"), PODS.get(pool % 100), NOW);
    }
    return unconfirmed;
  }

  private static void lookFor(Unconfirmed unconfirmed) {
    List<Pod> looked = new ArrayList<>();
    for (int round = 0; round < 1_000; round++) {
      var _ =
          unconfirmed.vanished(
              new ResourceID("pool-" + round % 10, "default"),
              NOW.plus(Unconfirmed.PATIENCE),
              pod -> {
                looked.add(pod);
                return Found.UNKNOWN;
              });
    }
    assertThat(looked).hasSizeLessThanOrEqualTo(10);
  }

  private static Runnable reconciling(Observation seen) {
    return () -> reconcile(seen);
  }

  private static void reconcile(Observation seen) {
    var view = seen.view();
    ScalePlan plan = ScalingPolicy.decide(view);
    var outlook = new Outlook(seen, view, plan, Applied.nothing());
    assertThat(Statuses.of(outlook).replicas()).isEqualTo(seen.pods().size());
    assertThat(StatusChange.of(outlook.memory(), Statuses.of(outlook), NOW)).isNotNull();
  }

  private static void readAll(PodIndex index) {
    for (int n = 0; n < 1_000; n++) {
      assertThat(index.of(new ResourceID("pool-" + n % 10, "default"))).hasSize(10);
    }
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

  private static Observation observation(int count, long waiting, int busy) {
    WorkerPool pool = Pools.pool();
    pool.setSpec(pool.getSpec().withBounds(0, 10_000));
    var snapshot = QueueSnapshot.newBuilder().setQueue("default").setWaiting(waiting);
    IntStream.range(0, count).forEach(n -> snapshot.addWorkers(worker(n, busy)));
    return observation(pool, PODS.subList(0, count), new QueueReading.Known(snapshot.build(), NOW));
  }

  private static Observation observation(WorkerPool pool, List<Pod> pods, QueueReading queue) {
    var memory = PoolMemory.of(pool, Optional.empty(), List::of);
    return new Observation(pool, Pools.blueprint(), pods, queue, memory, NOW);
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
