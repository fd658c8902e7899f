package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StreetTest {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  @Test
  void theNewestSnapshotCountsAlsoWhereTheClockWasSetBack() {
    var street = new Street();
    QueueReading.Known first = reading(7, Pools.NOON);
    QueueReading.Known later = reading(3, Pools.NOON.minusSeconds(3_600));

    assertThat(street.roster(first).snapshot().getWaiting()).isEqualTo(7);
    assertThat(street.roster(later).snapshot().getWaiting()).isEqualTo(3);
    assertThat(street.roster(first).snapshot().getWaiting())
        .as("after what came before came again")
        .isEqualTo(3);
  }

  @Test
  void aPoolOfOneQueueDoesNotWaitForThoseOfAnother() throws Exception {
    var neighbours =
        new Neighbours(pool -> new QueueKey("queue:50051", PoolKey.of(pool).name()), _ -> {});
    WorkerPool red = pool("red");
    WorkerPool slow = pool("slow");
    slow.setMetadata(new SlowMetadata(slow.getMetadata()));
    var held = started(() -> seen(neighbours, slow));
    inside.await();

    long waiting =
        started(() -> seen(neighbours, red) ? waiting(neighbours, red) : -1)
            .get(10, TimeUnit.SECONDS);

    assertThat(waiting).isEqualTo(7);
    assertThat(held).as("the look at the other queue").isNotDone();
    done.countDown();
    assertThat(held.get(10, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean seen(Neighbours neighbours, WorkerPool pool) {
    neighbours.seen(pool);
    return true;
  }

  private static long waiting(Neighbours neighbours, WorkerPool pool) {
    var seen =
        new Observation(
            pool,
            Pools.blueprint(),
            List.of(),
            reading(7, Pools.NOON),
            PoolMemory.restored(pool, List.of()),
            Pools.NOON);
    return ((QueueView.Known) neighbours.place(PoolKey.of(pool), seen).view().queue()).waiting();
  }

  private static QueueReading.Known reading(long waiting, Instant at) {
    return new QueueReading.Known(QueueSnapshot.newBuilder().setWaiting(waiting).build(), at);
  }

  private static WorkerPool pool(String name) {
    WorkerPool pool = Pools.pool();
    pool.getMetadata().setName(name);
    return pool;
  }

  private static <T> CompletableFuture<T> started(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }

  /** Of a pool that takes its time while its queue is divided. */
  @SuppressWarnings("serial")
  private final class SlowMetadata extends ObjectMeta {
    SlowMetadata(ObjectMeta of) {
      setName(of.getName());
      setNamespace(of.getNamespace());
      setUid(of.getUid());
    }

    @Override
    public String getUid() {
      inside.countDown();
      try {
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.getUid();
    }
  }
}
