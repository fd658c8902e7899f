package io.tensorfleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that can end a run, at once, on real threads. */
@Timeout(120)
class EngineStressTest {
  private static final int TASKS = Integer.getInteger("stress.tasks", 3_000);
  private static final int SLOTS = 4;

  private final Map<String, AtomicInteger> ends = new ConcurrentHashMap<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger lateEpochs = new AtomicInteger();
  private final AtomicInteger bornInterrupted = new AtomicInteger();
  private final Slots slots = new Slots(SLOTS);
  private final Strays strays = new Strays(Duration.ofMillis(1), Integer.MAX_VALUE, _ -> {});

  private final RunEvents events =
      new RunEvents() {
        @Override
        public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
          if (ends.containsKey(run.task().taskId())) {
            lateEpochs.incrementAndGet();
          }
        }

        @Override
        public void ended(Run run, RunEnd end) {
          ends.computeIfAbsent(run.task().taskId(), _ -> new AtomicInteger()).incrementAndGet();
          ended.incrementAndGet();
        }
      };

  /** Some end at once, some react to a stop, some do not; a third of all report on the way. */
  private EpochMetrics train(TrainingTask task, Trainer.Progress progress)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(task.taskId().hashCode());
    if (task.taskId().startsWith("free") && Thread.currentThread().isInterrupted()) {
      bornInterrupted.incrementAndGet();
    }
    boolean deaf = random.nextInt(20) == 0;
    long until = System.nanoTime() + random.nextLong(1, 1_500_000);
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(50_000);
      if (random.nextInt(3) == 0) {
        progress.epoch(1, 2, EpochMetrics.NONE);
      }
      if (!deaf && Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return EpochMetrics.NONE;
  }

  private void startAndPerhapsStop(Runner runner, Slots.Slot slot, SplittableRandom random) {
    boolean free = random.nextInt(3) == 0;
    String id = (free ? "free-" : "") + random.nextLong();
    Duration timeout = Duration.ofMillis(free ? 60_000 : random.nextInt(1, 4));
    TrainingTask task = new TrainingTask(id, "job", TaskSpec.getDefaultInstance());
    Run run = runner.start(task, slot, timeout, events);
    if (!free && random.nextBoolean()) {
      LockSupport.parkNanos(random.nextLong(1, 800_000));
      run.stop(StopReason.CANCELLED, "a");
      run.stop(StopReason.LOST, "b");
    }
  }

  @Test
  void everyRunEndsOnceWhateverEndsIt() {
    SplittableRandom random = new SplittableRandom(7);
    try (Runner runner = new Runner(this::train, InstantSource.system(), List.of(), strays)) {
      for (int started = 0; started < TASKS; ) {
        Optional<Slots.Slot> slot = slots.tryTake();
        if (slot.isPresent()) {
          started++;
          startAndPerhapsStop(runner, slot.get(), random);
        } else {
          LockSupport.parkNanos(20_000);
        }
      }
      while (ended.get() < TASKS || strays.count() > 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    assertThat(ends).hasSize(TASKS).allSatisfy((id, count) -> assertThat(count).hasValue(1));
    assertThat(slots.free()).isEqualTo(SLOTS);
    assertThat(lateEpochs).hasValue(0);
    assertThat(bornInterrupted).hasValue(0);
  }

  /** Lincheck sees no step between two looks at a field that holds a thread; real threads do. */
  @Test
  void aStopNeverReachesWhatTheThreadDoesAfterTheRun() throws Exception {
    int rounds = TASKS * 20;
    Run.Start start =
        new Run.Start(new TrainingTask("t", "job", TaskSpec.getDefaultInstance()), Instant.EPOCH);
    Run[] runs = new Run[rounds];
    Arrays.setAll(runs, _ -> new Run(start, new Slots(1).tryTake().orElseThrow(), events, _ -> {}));
    AtomicInteger round = new AtomicInteger(-1);
    AtomicInteger stopped = new AtomicInteger(-1);
    Callable<Boolean> stopping =
        () -> {
          for (int i = 0; i < rounds; i++) {
            while (round.get() < i) {
              Thread.onSpinWait();
            }
            runs[i].stop(StopReason.CANCELLED, "");
            stopped.set(i);
          }
          return true;
        };
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<Boolean> stops = other.submit(stopping);
      for (int i = 0; i < rounds && !stops.isDone(); i++) {
        runs[i].enter();
        round.set(i);
        runs[i].leave();
        while (stopped.get() < i && !stops.isDone()) {
          Thread.onSpinWait();
        }
        assertThat(Thread.interrupted()).as("interrupted after run %d", i).isFalse();
      }
      assertThat(stops.get()).isTrue();
    }
  }
}
