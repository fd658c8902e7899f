package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.queue.QueueKey;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools that change, or go, between a look and the sharing out of their queue. */
class MovedPoolTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private String queue = "one";
  private final Neighbours neighbours =
      new Neighbours(_ -> new QueueKey("queue:50051", queue), _ -> {});
  private final WorkerPool pool = Pools.pool();

  @Test
  void aPoolThatServesAnotherQueueByNowKnowsNothingOfThisOne() {
    queue = "two";
    neighbours.seen(pool);
    queue = "one";

    assertThat(placed()).isInstanceOf(QueueView.Unknown.class);
  }

  @Test
  void aPoolThatIsGoneIsGivenNothing() {
    neighbours.seen(pool);
    neighbours.gone(PoolKey.of(pool));

    assertThat(placed()).isEqualTo(new QueueView.Known(List.of(), 0));
  }

  @Test
  void aPoolThatWasMadeAnewUnseenIsForgottenBeforeItIsToldOf() {
    var events = new QueueEvents();
    List<String> told = new ArrayList<>();
    events.whenReplaced(key -> told.add("replaced " + key.name()));
    events.whenSeen(seen -> told.add("seen " + seen.getMetadata().getUid()));
    WorkerPool anew = Pools.pool();
    anew.getMetadata().setUid("another");

    events.onResourceUpdated(pool, pool);
    events.onResourceUpdated(anew, pool);

    assertThat(told)
        .containsExactly(
            "seen " + pool.getMetadata().getUid(),
            "replaced " + pool.getMetadata().getName(),
            "seen another");
  }

  private QueueView placed() {
    var reading = new QueueReading.Known(QueueSnapshot.newBuilder().setWaiting(9).build(), NOON);
    var seen =
        new Observation(
            pool,
            Pools.blueprint(),
            List.of(),
            reading,
            PoolMemory.restored(pool, List.of()),
            NOON);
    return neighbours.place(PoolKey.of(pool), seen).view().queue();
  }
}
