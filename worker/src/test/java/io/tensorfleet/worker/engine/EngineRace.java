package io.tensorfleet.worker.engine;

import static io.tensorfleet.worker.race.Interleavings.together;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.race.Interleavings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The engine's races, under Lincheck. */
class EngineRace {
  private static final TrainingTask TASK =
      new TrainingTask("t", "job", TaskSpec.getDefaultInstance());
  private static final Epoch FIRST = new Epoch(1, 2, EpochMetrics.NONE, Optional.empty());

  /** Counts what it hears; an epoch after the end is a fault. */
  private static final class Ears implements RunEvents {
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();

    @Override
    public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
      late.addAndGet(ends.get());
    }

    @Override
    public void ended(Run run, RunEnd end) {
      ends.incrementAndGet();
    }
  }

  private static Run run(Slots slots, RunEvents events) {
    Run.Start start = new Run.Start(TASK, Instant.EPOCH);
    return new Run(start, slots.tryTake().orElseThrow(), events, _ -> {});
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  @Test
  void aSlotClosedByTwoThreadsIsFreeOnce() {
    Interleavings.of(
        () -> {
          Slots slots = new Slots(2);
          Slots.Slot slot = slots.tryTake().orElseThrow();
          together(slot::close, slot::close);
          require(slots.free() == 2, "free: " + slots.free());
        });
  }

  @Test
  void neverAreMoreSlotsOutThanThereAre() {
    Interleavings.of(
        () -> {
          Slots slots = new Slots(1);
          AtomicInteger out = new AtomicInteger();
          Runnable user =
              () ->
                  slots
                      .tryTake()
                      .ifPresent(
                          slot -> {
                            require(out.incrementAndGet() == 1, "two hold the one slot");
                            out.decrementAndGet();
                            slot.close();
                            slot.close();
                          });
          together(user, () -> together(user, user));
          require(slots.free() == 1, "free: " + slots.free());
        });
  }

  @Test
  void aStopNeverReachesWhatTheThreadDoesAfterTheRun() {
    Interleavings.of(
        () -> {
          Run run = run(new Slots(1), new Ears());
          together(
              () -> {
                run.enter();
                run.leave();
                require(!Thread.currentThread().isInterrupted(), "interrupted after it left");
              },
              () -> run.stop(StopReason.CANCELLED, ""));
          require(!Thread.currentThread().isInterrupted(), "interrupted in the next task");
        });
  }

  @Test
  void completionAndAbandonMakeOneEndAndNoEpochFollowsIt() {
    Interleavings.of(
        () -> {
          Ears ears = new Ears();
          Slots slots = new Slots(1);
          Run run = run(slots, ears);
          RunEnd.How given = new RunEnd.Stopped(StopReason.CANCELLED, "");
          together(
              () -> {
                run.enter();
                run.epoch(FIRST);
                run.leave();
                run.end(new RunEnd.Completed()).ifPresent(end -> ears.ended(run, end));
              },
              () -> run.end(given).ifPresent(end -> ears.ended(run, end)));
          require(ears.ends.get() == 1, "ends: " + ears.ends.get());
          require(ears.late.get() == 0, "an epoch was heard after the end");
          require(slots.free() == 1, "free: " + slots.free());
        });
  }

  @Test
  void aTrainerThatReturnsWhileItIsGivenUpIsNoStrayForEver() {
    Interleavings.of(
        () -> {
          Strays strays = new Strays(Duration.ofSeconds(1), 9, _ -> {});
          Run run = run(new Slots(1), new Ears());
          run.enter();
          together(run::leave, () -> strays.add(run));
          require(strays.count() == 0, "strays: " + strays.count());
        });
  }

  @Test
  void theFirstOfTwoStopsGivesTheReasonAndIsHeardOnce() {
    Interleavings.of(
        () -> {
          AtomicInteger heard = new AtomicInteger();
          Run.Start start = new Run.Start(TASK, Instant.EPOCH);
          Slots.Slot slot = new Slots(1).tryTake().orElseThrow();
          Run run = new Run(start, slot, new Ears(), _ -> heard.incrementAndGet());
          together(() -> run.stop(StopReason.CANCELLED, "a"), () -> run.stop(StopReason.LOST, "b"));
          require(heard.get() == 1, "heard: " + heard.get());
        });
  }
}
