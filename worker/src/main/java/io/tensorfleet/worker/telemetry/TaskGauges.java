package io.tensorfleet.worker.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gauges of single tasks. They stay for 30 s after a task's end, so that a scrape sees its last
 * values; of ended tasks at most 20 are kept, the oldest leave first. Thread-safe.
 */
final class TaskGauges {
  private static final long LINGER_NANOS = 30_000_000_000L;
  private static final int MAX_ENDED = 20;

  private final MeterRegistry registry;
  private final Map<Key, Series> running = new LinkedHashMap<>();
  private final Map<Key, Series> ended = new LinkedHashMap<>();

  /** Jobs may name their tasks alike. */
  private record Key(String jobId, String taskId) {
    static Key of(TrainingTask task) {
      return new Key(task.jobId(), task.taskId());
    }
  }

  TaskGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  private static final class Series {
    private volatile EpochMetrics metrics = EpochMetrics.NONE;
    private volatile long endedAt;
    private List<Meter> meters = List.of();
  }

  synchronized void reached(TrainingTask task, EpochMetrics metrics) {
    Key key = Key.of(task);
    Series series = running.get(key);
    if (series == null) {
      drop(ended.remove(key));
      series = register(task);
      running.put(key, series);
    }
    series.metrics = metrics;
  }

  private Series register(TrainingTask task) {
    Series series = new Series();
    series.meters =
        List.of(
            gauge(
                "worker.training.loss",
                "Training loss of the last epoch.",
                task,
                () -> series.metrics.loss()),
            gauge(
                "worker.validation.loss",
                "Validation loss of the last epoch.",
                task,
                () -> series.metrics.validationLoss()),
            gauge(
                "worker.training.accuracy",
                "Accuracy of the last epoch.",
                task,
                () -> series.metrics.accuracy()));
    return series;
  }

  private Gauge gauge(String name, String help, TrainingTask task, Supplier<Number> value) {
    return Gauge.builder(name, value)
        .description(help)
        .tags(Tags.of("job_id", Label.of(task.jobId()), "task_id", Label.of(task.taskId())))
        .strongReference(true)
        .register(registry);
  }

  synchronized void ended(TrainingTask task, long now) {
    Key key = Key.of(task);
    Series series = running.remove(key);
    if (series != null) {
      series.endedAt = now;
      ended.put(key, series);
    }
    sweep(now);
  }

  /** Removes what has lingered long enough. */
  synchronized void sweep(long now) {
    Iterator<Series> oldest = ended.values().iterator();
    while (oldest.hasNext()) {
      Series series = oldest.next();
      if (ended.size() <= MAX_ENDED && now - series.endedAt < LINGER_NANOS) {
        return;
      }
      oldest.remove();
      drop(series);
    }
  }

  private void drop(@Nullable Series series) {
    if (series != null) {
      series.meters.forEach(registry::remove);
    }
  }
}
