package io.tensorfleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StraysTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofMillis(20);

  private final CountDownLatch released = new CountDownLatch(1);
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
  private final Strays strays = new Strays(GRACE, 2, warnings::add);
  private final Slots slots = new Slots(3);
  private final BlockingQueue<RunEnd> ends = new LinkedBlockingQueue<>();
  private final AtomicInteger epochs = new AtomicInteger();
  private final RunEvents events =
      new RunEvents() {
        @Override
        public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
          epochs.incrementAndGet();
        }

        @Override
        public void ended(Run run, RunEnd end) {
          ends.add(end);
        }
      };

  /** Goes on until the test lets it go, whatever it is asked. */
  private EpochMetrics deaf(TrainingTask task, Trainer.Progress progress) {
    boolean waiting = true;
    while (waiting) {
      try {
        released.await();
        waiting = false;
      } catch (InterruptedException _) {
        progress.epoch(1, 2, EpochMetrics.NONE);
      }
    }
    progress.epoch(2, 2, EpochMetrics.NONE);
    return EpochMetrics.NONE;
  }

  private Runner runner(Trainer trainer) {
    return new Runner(trainer, InstantSource.system(), List.of(), strays);
  }

  private Run start(Runner runner, String id) {
    TrainingTask task = new TrainingTask(id, "job", TaskSpec.getDefaultInstance());
    return runner.start(task, slots.tryTake().orElseThrow(), LONG, events);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @AfterEach
  void letThemGo() {
    released.countDown();
  }

  @Test
  void aTrainerThatIgnoresAStopIsGivenUpAndItsSlotIsFree() throws InterruptedException {
    try (Runner runner = runner(this::deaf)) {
      start(runner, "a").stop(StopReason.CANCELLED, "enough");
      assertThat(ends.take().how())
          .isEqualTo(new RunEnd.Stopped(StopReason.CANCELLED, "enough; the trainer ignored it"));
      assertThat(slots.free()).isEqualTo(3);
      await(() -> strays.count() == 1);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .contains("stray-a");
    }
  }

  @Test
  void whatAStraySaysIsNotHeardAndItIsForgottenWhenItEnds() throws InterruptedException {
    try (Runner runner = runner(this::deaf)) {
      Run run = start(runner, "a");
      run.stop(StopReason.LOST, "gone");
      RunEnd end = ends.take();
      int heard = epochs.get();
      released.countDown();
      await(() -> strays.count() == 0);
      await(run::left);
      assertThat(ends.poll(50, TimeUnit.MILLISECONDS)).isNull();
      assertThat(epochs.get()).isEqualTo(heard);
      assertThat(run.epochsDone()).isEqualTo(end.epochsDone()).isLessThan(2);
      assertThat(slots.free()).isEqualTo(3);
    }
  }

  @Test
  void tooManyStraysAreToldOfOnce() throws InterruptedException {
    try (Runner runner = runner(this::deaf)) {
      start(runner, "a").stop(StopReason.CANCELLED, "");
      ends.take();
      assertThat(warnings).isEmpty();
      start(runner, "b").stop(StopReason.CANCELLED, "");
      start(runner, "c").stop(StopReason.CANCELLED, "");
      assertThat(warnings.take()).contains("2 trainers ignore being stopped", "a, b");
      ends.take();
      ends.take();
      await(() -> strays.count() == 3);
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void threadsThatATrainerLeftBehindAreCountedAndNeverMeetAnotherTask()
      throws InterruptedException {
    BlockingQueue<Thread> used = new LinkedBlockingQueue<>();
    Trainer leaking =
        (task, progress) -> {
          used.add(Thread.currentThread());
          if (task.taskId().equals("leaks")) {
            Thread.ofPlatform().daemon().start(() -> deaf(task, (epoch) -> {}));
          }
          return EpochMetrics.NONE;
        };
    try (Runner runner = runner(leaking)) {
      start(runner, "leaks");
      ends.take();
      await(() -> strays.threads() == 1);
      Thread first = used.take();
      await(() -> !first.isAlive());
      start(runner, "next");
      assertThat(used.take()).isNotEqualTo(first);
      released.countDown();
      await(() -> strays.threads() == 0);
    }
  }

  @Test
  void aTrainersOwnInterruptDoesNotReachTheNextTask() throws InterruptedException {
    BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
    Trainer rude =
        (task, progress) -> {
          interrupted.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
          return EpochMetrics.NONE;
        };
    try (Runner runner = runner(rude)) {
      for (int i = 0; i < 50; i++) {
        start(runner, "t" + i);
        assertThat(ends.take().how()).isEqualTo(new RunEnd.Completed());
        assertThat(interrupted.take()).isFalse();
      }
    }
  }

  @Test
  void aListenerThatStumblesKeepsTheEndFromNobody() throws InterruptedException {
    RunEvents stumbling =
        new RunEvents() {
          @Override
          public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
            throw new IllegalStateException("made to stumble");
          }

          @Override
          public void ended(Run run, RunEnd end) {
            throw new IllegalStateException("made to stumble");
          }
        };
    Trainer trainer =
        (task, progress) -> {
          progress.epoch(1, 1, EpochMetrics.NONE);
          return EpochMetrics.NONE;
        };
    try (Runner runner = new Runner(trainer, InstantSource.system(), List.of(stumbling), strays)) {
      start(runner, "t");
      assertThat(ends.take().how()).isEqualTo(new RunEnd.Completed());
      assertThat(epochs.get()).isEqualTo(1);
    }
  }

  @Test
  void anErrorThatCannotEvenBePrintedFailsOnlyItsTask() throws InterruptedException {
    Trainer nasty =
        (task, progress) -> {
          throw new OutOfMemoryError() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
              throw new IllegalStateException("no words");
            }

            @Override
            public String getMessage() {
              throw new IllegalStateException("no words");
            }
          };
        };
    try (Runner runner = runner(nasty)) {
      for (int i = 0; i < 3; i++) {
        start(runner, "t");
        assertThat(ends.take().how()).isInstanceOf(RunEnd.Failed.class);
      }
      assertThat(slots.free()).isEqualTo(3);
    }
  }
}
