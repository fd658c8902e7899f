package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.queue.Channels;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.operator.queue.QueueWatcher;
import io.tensorfleet.operator.queue.WatchTiming;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools that are deleted just before they are met. */
class QueuesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<WorkerPool> there = new ArrayList<>();
  private final Living living = new Living();
  private final Channels channels = Channels.plaintext();
  private final Queues queues =
      new Queues(
          "127.0.0.1:1",
          new QueueWatcher(
              channels, new WatchTiming(LONG, LONG, LONG, LONG), InstantSource.system(), _ -> {}),
          _ -> {},
          living);

  @AfterEach
  void close() {
    queues.close();
    channels.close();
  }

  @Test
  void poolsThatAreThereShareTheQueue() {
    WorkerPool red = pool("red", "one");
    WorkerPool blue = pool("blue", "two");
    begin(red, blue);

    queues.meet(red);
    queues.meet(blue);

    assertThat(part(blue)).isPositive();
    assertThat(part(red) + part(blue)).isEqualTo(20);
  }

  @Test
  void aPoolThatIsGoneWhenItIsMetTakesNoPartOfTheQueue() {
    WorkerPool red = pool("red", "one");
    WorkerPool gone = pool("blue", "two");
    begin(red);

    queues.meet(red);
    queues.meet(gone);

    assertThat(part(red)).isEqualTo(20);
    assertThat(part(gone)).isZero();
  }

  @Test
  void aPoolMadeAnewUnderItsNameIsTheOneThatCounts() {
    WorkerPool red = pool("red", "one");
    WorkerPool successor = pool("blue", "three");
    successor.setSpec(WorkerPoolSpec.defaults().withBounds(0, 1));
    begin(red, successor);
    queues.meet(successor);

    queues.meet(pool("blue", "two"));

    assertThat(part(red)).isEqualTo(17);
  }

  private void begin(WorkerPool... all) {
    there.addAll(List.of(all));
    living.begin(new Known(there));
  }

  /** Of 20 tasks that wait. */
  private long part(WorkerPool pool) {
    var snapshot = QueueSnapshot.newBuilder().setWaiting(20).build();
    var seen =
        new Observation(
            pool,
            Pools.blueprint(),
            List.of(),
            new QueueReading.Known(snapshot, Pools.NOON),
            PoolMemory.restored(pool, List.of()),
            Pools.NOON);
    return ((QueueView.Known) queues.place(PoolKey.of(pool), seen).view().queue()).waiting();
  }

  private static WorkerPool pool(String name, String uid) {
    WorkerPool pool = Pools.pool();
    pool.getMetadata().setName(name);
    pool.getMetadata().setUid(uid);
    return pool;
  }

  private record Known(List<WorkerPool> pools) implements Cache<WorkerPool> {
    @Override
    public Optional<WorkerPool> get(ResourceID id) {
      return pools.stream().filter(p -> ResourceID.fromResource(p).equals(id)).findFirst();
    }

    @Override
    public Stream<ResourceID> keys() {
      return pools.stream().map(ResourceID::fromResource);
    }

    @Override
    public Stream<WorkerPool> list(Predicate<WorkerPool> wanted) {
      return pools.stream().filter(wanted);
    }
  }
}
