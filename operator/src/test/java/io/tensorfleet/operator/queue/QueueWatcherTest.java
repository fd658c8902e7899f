package io.tensorfleet.operator.queue;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.operator.FakeQueue;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueWatcherTest {
  private static final PoolKey RED = new PoolKey("default", "red");
  private static final PoolKey BLUE = new PoolKey("default", "blue");
  private static final WatchTiming QUICK =
      new WatchTiming(
          Duration.ofMillis(200),
          Duration.ofMillis(40),
          Duration.ofMillis(80),
          Duration.ofMillis(5));
  private static final WatchTiming PATIENT =
      new WatchTiming(
          Duration.ofMinutes(1),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofMillis(5));

  private final FakeQueue orchestrator = new FakeQueue();
  private final Channels channels = Channels.plaintext();
  private final List<PoolKey> told = new CopyOnWriteArrayList<>();
  private final QueueKey queue = new QueueKey(orchestrator.address(), "default");

  @AfterEach
  void stop() {
    channels.close();
    orchestrator.close();
  }

  @Test
  void aSnapshotIsPushedToThePoolsOfItsQueue() throws Throwable {
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, queue);
      assertThat(watcher.read(queue)).isInstanceOf(QueueReading.Connecting.class);
      eventually(() -> assertThat(waiting(watcher, queue)).isZero());
      told.clear();

      orchestrator.holds(7, 0);

      eventually(() -> assertThat(told).contains(RED));
      assertThat(waiting(watcher, queue)).isEqualTo(7);
    }
  }

  @Test
  void oneStreamServesAllPoolsAndQueuesOfAnAddress() throws Throwable {
    var other = new QueueKey(orchestrator.address(), "other");
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, queue);
      watcher.follow(BLUE, other);
      watcher.follow(new PoolKey("default", "green"), queue);

      eventually(() -> assertThat(waiting(watcher, other)).isZero());
      eventually(() -> assertThat(waiting(watcher, queue)).isZero());
      eventually(() -> assertThat(orchestrator.open()).isEqualTo(1));
    }
  }

  @Test
  void aStreamNamesAtMostAHundredQueuesSoThatFurtherOnesGetAnother() throws Throwable {
    try (QueueWatcher watcher = watcher(PATIENT)) {
      for (int n = 0; n < 250; n++) {
        watcher.follow(new PoolKey("default", "pool-" + n), numbered(n));
      }

      for (int n = 0; n < 250; n++) {
        QueueKey key = numbered(n);
        eventually(() -> assertThat(waiting(watcher, key)).isZero());
      }
      eventually(() -> assertThat(orchestrator.open()).isEqualTo(3));
      assertThat(orchestrator.mostQueues()).isEqualTo(100);
    }
  }

  @Test
  void manyQueuesFollowedAtOnceAreAskedForTogether() throws Throwable {
    try (QueueWatcher watcher = watcher(PATIENT)) {
      for (int n = 0; n < 100; n++) {
        watcher.follow(new PoolKey("default", "pool-" + n), numbered(n));
      }
      eventually(() -> assertThat(waiting(watcher, numbered(99))).isZero());

      assertThat(orchestrator.opened()).isLessThan(10);
    }
  }

  @Test
  void ofManyPoolsOnlyThoseOfTheQueueAreTold() throws Throwable {
    var other = new QueueKey(orchestrator.address(), "other");
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, queue);
      watcher.follow(BLUE, other);
      eventually(() -> assertThat(waiting(watcher, other)).isZero());
      watcher.follow(BLUE, queue);
      watcher.follow(RED, other);
      eventually(() -> assertThat(told).contains(RED));
      orchestrator.mute();
      eventually(() -> assertThat(orchestrator.open()).isEqualTo(1));
      told.clear();

      eventually(
          () -> {
            orchestrator.sends(QueueSnapshot.newBuilder().setQueue("other").setWaiting(3).build());
            assertThat(waiting(watcher, other)).isEqualTo(3);
          });
      assertThat(told).containsOnly(RED);
    }
  }

  @Test
  void aLostStreamMakesTheQueueUnknownAtOnceAndIsTakenUpAgain() throws Throwable {
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, queue);
      orchestrator.holds(7, 2);
      eventually(() -> assertThat(waiting(watcher, queue)).isEqualTo(7));
      int opened = orchestrator.opened();
      orchestrator.mute();
      told.clear();

      orchestrator.breakStreams();

      eventually(() -> assertThat(told).contains(RED));
      assertThat(watcher.read(queue))
          .isInstanceOfSatisfying(
              QueueReading.Unknown.class,
              unknown -> {
                assertThat(unknown.reason()).contains(orchestrator.address());
                assertThat(unknown.last()).map(QueueSnapshot::getWaiting).contains(7L);
              });
      eventually(() -> assertThat(orchestrator.opened()).isGreaterThan(opened));
    }
  }

  @Test
  void aSilentStreamMakesTheQueueUnknown() throws Throwable {
    try (QueueWatcher watcher = watcher(QUICK)) {
      watcher.follow(RED, queue);
      orchestrator.mute();

      eventually(() -> assertThat(watcher.read(queue)).isInstanceOf(QueueReading.Unknown.class));
    }
  }

  @Test
  void aQueueThatFallsSilentIsUnknownAlthoughAnotherOneSpeaks() throws Throwable {
    var other = new QueueKey(orchestrator.address(), "other");
    try (QueueWatcher watcher = watcher(QUICK)) {
      watcher.follow(RED, queue);
      watcher.follow(BLUE, other);
      eventually(() -> assertThat(waiting(watcher, other)).isZero());
      orchestrator.mute();

      eventually(
          () -> {
            orchestrator.sends(QueueSnapshot.newBuilder().setQueue("default").build());
            assertThat(watcher.read(other)).isInstanceOf(QueueReading.Unknown.class);
          });
    }
  }

  @Test
  void anOrchestratorThatIsNotThereIsAskedAgainWithoutHaste() throws Throwable {
    String nowhere = orchestrator.address();
    orchestrator.close();
    var gone = new QueueKey(nowhere, "default");
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, gone);
      eventually(() -> assertThat(watcher.read(gone)).isInstanceOf(QueueReading.Unknown.class));
      int before = told.size();
      long began = System.nanoTime();

      eventually(() -> assertThat(told.size()).isGreaterThan(before + 5));

      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(took)
          .as("five attempts with pauses of at least 10 to 25 ms")
          .isGreaterThan(Duration.ofMillis(80));
    }
  }

  @Test
  void nonsenseIsNoSnapshot() throws Throwable {
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, queue);
      eventually(() -> assertThat(waiting(watcher, queue)).isZero());
      orchestrator.mute();

      orchestrator.sends(QueueSnapshot.newBuilder().setQueue("default").setWaiting(-5).build());

      eventually(() -> assertThat(watcher.read(queue)).isInstanceOf(QueueReading.Unknown.class));
    }
  }

  @Test
  void nonsenseIsToldFromSense() {
    var good = QueueSnapshot.newBuilder().setWaiting(1).build();
    var nameless = good.toBuilder().addWorkers(WorkerState.newBuilder().setBusy(1)).build();
    var negative =
        good.toBuilder().addWorkers(WorkerState.newBuilder().setWorkerId("w").setBusy(-1)).build();

    assertThat(Snapshots.mistake(good)).isEmpty();
    assertThat(Snapshots.mistake(nameless)).isPresent();
    assertThat(Snapshots.mistake(negative)).isPresent();
  }

  @Test
  void whenItsLastPoolIsGoneTheStreamIsClosed() throws Throwable {
    try (QueueWatcher watcher = watcher(PATIENT)) {
      watcher.follow(RED, queue);
      eventually(() -> assertThat(orchestrator.open()).isEqualTo(1));

      watcher.forget(RED);

      eventually(() -> assertThat(orchestrator.open()).isZero());
    }
  }

  @Test
  void backoffDoublesUpToItsLimit() {
    assertThat(PATIENT.backoff(1)).isEqualTo(Duration.ofMillis(20));
    assertThat(PATIENT.backoff(2)).isEqualTo(Duration.ofMillis(40));
    assertThat(PATIENT.backoff(3)).isEqualTo(Duration.ofMillis(50));
    assertThat(PATIENT.backoff(1_000)).isEqualTo(Duration.ofMillis(50));
  }

  private QueueKey numbered(int number) {
    return new QueueKey(orchestrator.address(), "queue-" + number);
  }

  private QueueWatcher watcher(WatchTiming timing) {
    return new QueueWatcher(channels, timing, InstantSource.system(), told::add);
  }

  private static long waiting(QueueWatcher watcher, QueueKey key) {
    return watcher.read(key) instanceof QueueReading.Known known
        ? known.snapshot().getWaiting()
        : -1;
  }
}
