package io.tensorfleet.orchestrator.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tensorfleet.orchestrator.store.TotalsStore.Totals;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The orchestrator's metrics. */
public final class Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<Totals> totals = new AtomicReference<>(new Totals(0, 0));
  private final DistributionSummary retries;

  public Meters() {
    Gauge.builder("orchestrator.active.workers", totals, t -> t.get().workers())
        .description("Workers that are connected to any orchestrator of this database")
        .register(registry);
    Gauge.builder("orchestrator.tasks.queued", totals, t -> t.get().queued())
        .description("Tasks that wait for a worker or for their back-off to end")
        .register(registry);
    retries =
        DistributionSummary.builder("orchestrator.task.retry")
            .description("Attempts that ended otherwise than for good; the count is what counts")
            .register(registry);
    for (String status : new String[] {"submitted", "completed", "failed", "cancelled"}) {
      jobs(status);
    }
    duration();
  }

  private Counter jobs(String status) {
    return Counter.builder("orchestrator.jobs")
        .description("Jobs by what became of them")
        .tag("status", status)
        .register(registry);
  }

  private Timer duration() {
    return Timer.builder("orchestrator.job.duration")
        .description("From a job's submit to its end")
        .publishPercentileHistogram(false)
        .serviceLevelObjectives(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(10))
        .register(registry);
  }

  public void jobSubmitted() {
    jobs("submitted").increment();
  }

  /** A job ended in the state of that code. */
  public void jobEnded(int state, double seconds) {
    String status = state == 3 ? "completed" : state == 4 ? "failed" : "cancelled";
    jobs(status).increment();
    duration().record(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  public void retried(int tasks) {
    for (int i = 0; i < tasks; i++) {
      retries.record(1);
    }
  }

  /** The metrics as text, with these totals of now. */
  public String scrape(Totals now) {
    totals.set(now);
    return registry.scrape();
  }
}
