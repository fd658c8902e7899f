package io.tensorfleet.worker.session;

import static io.tensorfleet.worker.race.Interleavings.together;

import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.race.Interleavings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the session shares with the runs' threads, under Lincheck. */
class SessionRace {
  private static final LeaseToken TOKEN = Bench.token("t");

  private static Run anyRun() {
    try (Runner runner = new Runner((_, _) -> EpochMetrics.NONE, () -> Instant.EPOCH, List.of())) {
      TrainingTask task = new TrainingTask("t", "job", TaskSpec.getDefaultInstance());
      Slots.Slot slot = new Slots(1).tryTake().orElseThrow();
      return runner.start(task, slot, Duration.ofMinutes(1), new Facts(Instant.EPOCH));
    }
  }

  private static Progress progress(int epoch) {
    return Progress.newBuilder()
        .setToken(TOKEN)
        .setEpochsDone(epoch)
        .addLogLines("epoch " + epoch)
        .build();
  }

  @Test
  void noLineOfProgressIsLostOrToldTwiceAndTheNewestEpochComesLast() {
    Progress first = progress(1);
    Progress second = progress(2);
    Interleavings.of(
        () -> {
          ProgressBoard board = new ProgressBoard();
          List<Progress> sent = new ArrayList<>();
          together(
              () -> {
                sent.addAll(board.takeBatch());
                board.take(TOKEN).ifPresent(sent::add);
              },
              () -> {
                board.put(first, Optional.empty());
                board.put(second, Optional.empty());
              });
          sent.addAll(board.takeBatch());
          List<String> lines = new ArrayList<>();
          sent.forEach(one -> lines.addAll(one.getLogLinesList()));
          if (!lines.equals(List.of("epoch 1", "epoch 2")) || sent.getLast().getEpochsDone() != 2) {
            throw new AssertionError("sent: " + sent);
          }
        });
  }

  @Test
  void tasksThatBeginAndEndAtOnceAreCountedRightly() {
    RunEnd end =
        new RunEnd(
            new RunEnd.Completed(), EpochMetrics.NONE, 0, Instant.EPOCH, Duration.ofSeconds(1));
    Run any = anyRun();
    Interleavings.of(
        () -> {
          Facts facts = new Facts(Instant.EPOCH);
          Runnable task =
              () -> {
                facts.started(any);
                facts.ended(any, end);
              };
          together(task, task);
          if (facts.active() != 0 || facts.completed() != 2) {
            throw new AssertionError(facts.active() + " active, " + facts.completed() + " done");
          }
        });
  }
}
