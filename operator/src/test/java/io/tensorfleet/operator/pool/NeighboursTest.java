package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerSettings;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.TaskClass;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final List<PoolKey> woken = new ArrayList<>();
  private final Neighbours neighbours =
      new Neighbours(pool -> new QueueKey("queue:50051", pool.getSpec().queue()), woken::add);

  @Test
  void aPoolAloneIsGivenTheWholeQueue() {
    WorkerPool red = pool("red", "one", 10);

    QueueView.Known part = part(red, snapshot(7, 0));

    assertThat(part.waiting()).isEqualTo(7);
    assertThat(part.rest()).isEqualTo(QueueView.Rest.NONE);
  }

  @Test
  void poolsOfOneQueueShareItAndTheirPartsAddUp() {
    WorkerPool blue = pool("blue", "one", 2);
    WorkerPool red = pool("red", "one", 10);
    neighbours.seen(blue);
    QueueReading.Known snapshot = snapshot(20, 0);

    assertThat(part(red, snapshot).waiting()).isEqualTo(14);
    assertThat(part(blue, snapshot).waiting()).isEqualTo(6);
  }

  @Test
  void poolsOfOneNameInTwoNamespacesAreTwoPools() {
    WorkerPool red = pool("demo", "one", 2);
    WorkerPool other = pool("demo", "two", 10);
    other.getMetadata().setNamespace("elsewhere");
    neighbours.seen(red);
    neighbours.seen(other);
    QueueReading.Known snapshot = snapshot(20, 5, worker(red, 0, 2), worker(other, 0, 3));

    assertThat(part(red, snapshot).running()).isEqualTo(2);
    assertThat(part(other, snapshot).running()).isEqualTo(3);
    assertThat(part(red, snapshot).waiting() + part(other, snapshot).waiting()).isEqualTo(20);
  }

  @Test
  void workThatAWorkerOutsideThePoolsRunsSizesNone() {
    WorkerPool red = pool("red", "one", 10);
    var laptop = WorkerState.newBuilder().setWorkerId("laptop").setBusy(4).build();

    assertThat(part(red, snapshot(0, 6, laptop, worker(red, 0, 1))).running())
        .as("one is its own, of one the holder is not known any more")
        .isEqualTo(2);
  }

  @Test
  void workOfAWorkerWhosePodIsGoneIsStillItsPools() {
    WorkerPool red = pool("red", "one", 10);
    neighbours.seen(pool("blue", "two", 10));

    assertThat(part(red, snapshot(0, 3, worker(red, 17, 3))).running()).isEqualTo(3);
  }

  @Test
  void aPoolWhosePartChangesByAnotherIsWoken() {
    WorkerPool blue = pool("blue", "one", 10);
    WorkerPool red = pool("red", "two", 10);
    neighbours.seen(red);
    neighbours.seen(blue);
    QueueReading.Known snapshot = snapshot(9, 0);
    assertThat(part(blue, snapshot).waiting()).isEqualTo(9);
    assertThat(part(red, snapshot).waiting()).isZero();
    assertThat(woken).isEmpty();

    blue.setSpec(blue.getSpec().withBounds(0, 1));
    blue.getMetadata().setGeneration(4L);
    part(blue, snapshot);

    assertThat(woken).containsOnly(PoolKey.of(red));
    assertThat(part(red, snapshot).waiting()).isEqualTo(6);
  }

  @Test
  void aChangedSpecIsNoticedWhereTheServerCountsNoGenerations() {
    WorkerPool blue = pool("blue", "one", 10);
    blue.getMetadata().setGeneration(null);
    neighbours.seen(pool("red", "two", 10));
    QueueReading.Known snapshot = snapshot(9, 0);
    assertThat(part(blue, snapshot).waiting()).isEqualTo(9);

    blue.setSpec(blue.getSpec().withWorker(labelled()));

    TaskClass asking =
        TaskClass.newBuilder()
            .setWaiting(2)
            .setRequires(Requirements.newBuilder().putLabels("zone", "a"))
            .build();
    assertThat(part(blue, classes(asking)).waiting()).isEqualTo(2);
  }

  private static WorkerSettings labelled() {
    return new WorkerSettings(3, null, null, null, null, "10m", null, Map.of("zone", "a"));
  }

  @Test
  void aPoolThatLeavesHandsItsPartToTheOthers() {
    WorkerPool blue = pool("blue", "one", 10);
    WorkerPool red = pool("red", "two", 10);
    QueueReading.Known snapshot = snapshot(9, 0);
    neighbours.seen(blue);
    part(red, snapshot);
    part(blue, snapshot);

    neighbours.gone(PoolKey.of(blue));

    assertThat(woken).containsExactly(PoolKey.of(red));
    assertThat(part(red, snapshot).waiting()).isEqualTo(9);
  }

  @Test
  void aPoolThatIsBeingDeletedIsNotGivenAnything() {
    WorkerPool blue = pool("blue", "one", 10);
    blue.getMetadata().setDeletionTimestamp("2026-01-01T12:00:00Z");
    neighbours.seen(blue);

    assertThat(part(pool("red", "two", 10), snapshot(9, 0)).waiting()).isEqualTo(9);
  }

  @Test
  void nobodyIsWokenWhereNothingChanges() {
    WorkerPool blue = pool("blue", "one", 10);
    WorkerPool red = pool("red", "two", 10);
    QueueReading.Known snapshot = snapshot(9, 0);
    for (int i = 0; i < 3; i++) {
      part(red, snapshot);
      part(blue, snapshot);
      woken.clear();
    }

    part(red, snapshot);
    part(blue, snapshot);

    assertThat(woken).isEmpty();
  }

  @Test
  void whatWorkersTellOfIsRemembered() {
    WorkerPool red = pool("red", "one", 10);
    TaskClass gpu =
        TaskClass.newBuilder()
            .setWaiting(4)
            .setRequires(Requirements.newBuilder().setGpuCount(2))
            .build();
    WorkerState worker =
        worker(red, 0, 0).toBuilder()
            .setCapabilities(Capabilities.newBuilder().setGpuCount(2))
            .build();
    assertThat(part(red, classes(gpu)).waiting()).isZero();

    assertThat(part(red, classes(gpu, worker)).waiting()).isEqualTo(4);
    assertThat(part(red, classes(gpu)).waiting()).isEqualTo(4);
  }

  @Test
  void everyPoolOfManyFindsItsPartTheSameInWhateverOrderTheyAreMet() {
    Set<Long> sums = new HashSet<>();
    for (int turn = 0; turn < 2; turn++) {
      var all = new ArrayList<WorkerPool>();
      for (int n = 0; n < 50; n++) {
        all.add(pool("pool-" + n, "uid-" + n, 1));
      }
      List<WorkerPool> order = turn == 0 ? all : all.reversed();
      order.forEach(neighbours::seen);
      QueueReading.Known snapshot = snapshot(100, 0);
      sums.add(order.stream().mapToLong(p -> part(p, snapshot).waiting()).sum());
    }

    assertThat(sums).containsExactly(100L);
  }

  private QueueView.Known part(WorkerPool pool, QueueReading.Known reading) {
    neighbours.seen(pool);
    var seen =
        new Observation(
            pool,
            Pools.blueprint(),
            List.of(),
            reading,
            PoolMemory.restored(pool, List.of()),
            NOON);
    return (QueueView.Known) neighbours.place(PoolKey.of(pool), seen).view().queue();
  }

  private static WorkerPool pool(String name, String uid, int max) {
    WorkerPool pool = Pools.pool();
    pool.getMetadata().setName(name);
    pool.getMetadata().setUid(uid);
    pool.setSpec(WorkerPoolSpec.defaults().withBounds(0, max));
    return pool;
  }

  private static WorkerState worker(WorkerPool pool, int number, int busy) {
    return WorkerState.newBuilder()
        .setWorkerId(PodNames.stem(pool) + "-" + number)
        .setConnected(true)
        .setSlots(3)
        .setBusy(busy)
        .build();
  }

  private static QueueReading.Known snapshot(long waiting, long running, WorkerState... workers) {
    return new QueueReading.Known(
        QueueSnapshot.newBuilder()
            .setWaiting(waiting)
            .setRunning(running)
            .addAllWorkers(List.of(workers))
            .build(),
        NOON);
  }

  private static QueueReading.Known classes(TaskClass only, WorkerState... workers) {
    return new QueueReading.Known(
        QueueSnapshot.newBuilder()
            .setWaiting(only.getWaiting())
            .addClasses(only)
            .addAllWorkers(List.of(workers))
            .build(),
        NOON);
  }
}
