package io.tensorfleet.worker.session;

import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how many train at once; a task lasts hyperparameter {@code millis}, 0 by default. */
final class CountingTrainer implements Trainer {
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final ConcurrentMap<String, Integer> runs = new ConcurrentHashMap<>();

  @Override
  public EpochMetrics train(TrainingTask task, Progress progress) throws InterruptedException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try {
      runs.merge(task.taskId(), 1, Integer::sum);
      EpochMetrics metrics = new EpochMetrics(0.5, 0.25, 0.6);
      Thread.sleep(Long.parseLong(task.spec().getHyperparametersOrDefault("millis", "0")));
      progress.epoch(1, 1, metrics);
      return metrics;
    } finally {
      now.decrementAndGet();
    }
  }

  int now() {
    return now.get();
  }

  int most() {
    return most.get();
  }

  /** How often each task was begun. */
  ConcurrentMap<String, Integer> runs() {
    return runs;
  }
}
