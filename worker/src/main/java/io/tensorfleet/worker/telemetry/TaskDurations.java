package io.tensorfleet.worker.telemetry;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.TrainingTask;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code worker_task_duration_seconds}. The job that least recently ended a task leaves when there
 * are too many jobs, or series. Thread-safe.
 */
final class TaskDurations {
  private static final double[] BUCKETS = {0.1, 1, 10, 60, 300};

  /** The buckets, the one without bound, sum and count. */
  private static final int SERIES_EACH = BUCKETS.length + 3;

  /** Series that are not of jobs; as many as there are, with some to spare. */
  private static final int OTHER_SERIES = 180;

  private final Histogram histogram;
  private final int maxJobs;
  private final int maxHistograms;
  private final Map<String, Set<String>> modelsOfJobs = new LinkedHashMap<>(16, 0.75f, true);
  private int histograms;

  TaskDurations(PrometheusRegistry registry, WorkerConfig.Series bounds) {
    this.maxJobs = bounds.maxJobs();
    this.maxHistograms = Math.max(1, (bounds.maxSeries() - OTHER_SERIES) / SERIES_EACH);
    this.histogram =
        Histogram.builder()
            .name("worker_task_duration_seconds")
            .help("How long tasks ran.")
            .withoutExemplars() // sampling them asks for a tracer, which there is none of
            .labelNames("model_type", "job_id")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(registry);
  }

  synchronized void ended(TrainingTask task, String model, Duration lasted) {
    String job = Label.of(task.jobId());
    if (modelsOfJobs.computeIfAbsent(job, _ -> new TreeSet<>()).add(model)) {
      histograms++;
    }
    while (modelsOfJobs.size() > 1
        && (modelsOfJobs.size() > maxJobs || histograms > maxHistograms)) {
      dropEldest();
    }
    histogram.labelValues(model, job).observe(lasted.toNanos() / 1e9);
  }

  private void dropEldest() {
    var eldest = modelsOfJobs.entrySet().iterator();
    Map.Entry<String, Set<String>> leaving = eldest.next();
    for (String model : leaving.getValue()) {
      histogram.remove(model, leaving.getKey());
      histograms--;
    }
    eldest.remove();
  }
}
