package io.tensorfleet.worker.bench;

import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Slots and a runner, fed by one thread as a session feeds them. */
final class Engine implements RunEvents, AutoCloseable {
  private static final TrainingTask TASK =
      new TrainingTask("t", "job", TaskSpec.newBuilder().setModelType("xgboost").build());
  private static final Duration LONG = Duration.ofMinutes(5);

  private final BlockingQueue<RunEnd> ends = new LinkedBlockingQueue<>();
  private final Slots slots;
  private final Runner runner;

  Engine(int size, Trainer trainer) {
    slots = new Slots(size);
    runner = new Runner(trainer, InstantSource.system(), List.of());
  }

  /** Runs so many tasks, as many at once as there are slots; returns when all have ended. */
  void run(int tasks) throws InterruptedException {
    int begun = 0;
    while (begun < Math.min(tasks, slots.size())) {
      begin();
      begun++;
    }
    for (int ended = 0; ended < tasks; ended++) {
      ends.take();
      if (begun < tasks) {
        begin();
        begun++;
      }
    }
  }

  private void begin() {
    var _ = runner.start(TASK, slots.tryTake().orElseThrow(), LONG, this);
  }

  @Override
  public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {}

  @Override
  public void ended(Run run, RunEnd end) {
    ends.add(end);
  }

  @Override
  public void close() {
    runner.close();
  }
}
