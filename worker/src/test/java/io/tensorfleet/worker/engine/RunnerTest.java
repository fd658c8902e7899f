package io.tensorfleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import io.tensorfleet.worker.trainer.TrainingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RunnerTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private final BlockingQueue<RunEnd> ends = new LinkedBlockingQueue<>();
  private final RunEvents events =
      new RunEvents() {
        @Override
        public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {}

        @Override
        public void ended(Run run, RunEnd end) {
          ends.add(end);
        }
      };

  private static TrainingTask task(String id) {
    return new TrainingTask(id, "job", TaskSpec.getDefaultInstance());
  }

  private static Runner runner(Trainer trainer) {
    return new Runner(trainer, InstantSource.system(), List.of());
  }

  private static Slots.Slot take(Slots slots) {
    return slots.tryTake().orElseThrow();
  }

  @Test
  void tenThousandTasksThroughFourSlotsNeverRunMoreThanFourAtOnce() throws InterruptedException {
    Slots slots = new Slots(4);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Trainer counting =
        (task, progress) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          LockSupport.parkNanos(1);
          now.decrementAndGet();
          return EpochMetrics.NONE;
        };
    try (Runner runner = runner(counting)) {
      int started = 0;
      int ended = 0;
      while (ended < 10_000) {
        Optional<Slots.Slot> slot = started < 10_000 ? slots.tryTake() : Optional.empty();
        if (slot.isPresent()) {
          runner.start(task("t" + started++), slot.get(), LONG, events);
        } else if (ends.poll(10, TimeUnit.SECONDS) != null) {
          ended++;
        }
      }
    }
    assertThat(most.get()).isBetween(1, 4);
    assertThat(slots.free()).isEqualTo(4);
  }

  @Test
  void aSlotIsGivenBackOnlyOnce() {
    Slots slots = new Slots(2);
    Slots.Slot slot = take(slots);
    slot.close();
    slot.close();
    assertThat(slots.free()).isEqualTo(2);
  }

  @Test
  void aTrainerThatThrowsHarmsOnlyItsTask() throws InterruptedException {
    Slots slots = new Slots(1);
    Trainer trainer =
        (task, progress) -> {
          if (task.taskId().equals("error")) {
            throw new StackOverflowError("deep");
          }
          if (task.taskId().equals("wrong")) {
            throw new TrainingException("the task is wrong", false);
          }
          return EpochMetrics.NONE;
        };
    try (Runner runner = runner(trainer)) {
      runner.start(task("error"), take(slots), LONG, events);
      assertThat(ends.take().how())
          .isEqualTo(
              new RunEnd.Failed("the trainer threw java.lang.StackOverflowError: deep", true));
      runner.start(task("wrong"), take(slots), LONG, events);
      assertThat(ends.take().how()).isEqualTo(new RunEnd.Failed("the task is wrong", false));
      runner.start(task("fine"), take(slots), LONG, events);
      assertThat(ends.take().how()).isEqualTo(new RunEnd.Completed());
    }
  }

  @Test
  void aRunThatIsStoppedEndsWithTheFirstReason() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    Trainer endless =
        (task, progress) -> {
          running.countDown();
          new CountDownLatch(1).await();
          return EpochMetrics.NONE;
        };
    try (Runner runner = runner(endless)) {
      Run run = runner.start(task("t"), take(new Slots(1)), LONG, events);
      running.await();
      run.stop(StopReason.CANCELLED, "enough");
      run.stop(StopReason.LOST, "late");
      assertThat(ends.take().how()).isEqualTo(new RunEnd.Stopped(StopReason.CANCELLED, "enough"));
    }
  }

  @Test
  void aRunThatTakesTooLongTimesOut() throws InterruptedException {
    Trainer endless =
        (task, progress) -> {
          new CountDownLatch(1).await();
          return EpochMetrics.NONE;
        };
    try (Runner runner = runner(endless)) {
      runner.start(task("t"), take(new Slots(1)), Duration.ofMillis(20), events);
      assertThat(ends.take().stopReason()).contains(StopReason.TIMED_OUT);
    }
  }

  @Test
  void aStopDoesNotReachTheNextRunOfTheSameThread() throws InterruptedException {
    Trainer quick = (task, progress) -> EpochMetrics.NONE;
    try (Runner runner = runner(quick)) {
      Slots slots = new Slots(1);
      for (int i = 0; i < 200; i++) {
        Run run = runner.start(task("t" + i), take(slots), LONG, events);
        assertThat(ends.take().how()).isEqualTo(new RunEnd.Completed());
        run.stop(StopReason.CANCELLED, "too late");
      }
    }
  }
}
