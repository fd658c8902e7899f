package io.tensorfleet.worker.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tensorfleet.worker.WorkerConfig;
import io.tensorfleet.worker.core.Capacity;
import io.tensorfleet.worker.core.ConnectionState;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.ModelType;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.Strays;
import io.tensorfleet.worker.session.Facts;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The worker's metrics, by the names of its contract. The number of series is bounded. Thread-safe.
 */
public final class WorkerMetrics implements RunEvents {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final TaskDurations durations;
  private final TaskGauges gauges = new TaskGauges(registry);
  private final Counter epochs =
      Counter.builder("worker.epochs").description("Epochs trained.").register(registry);
  private final Counter batches =
      Counter.builder("worker.batches")
          .description("Batches trained, of tasks that name theirs.")
          .register(registry);

  /**
   * Metrics of one worker.
   *
   * @param bounds of the series that grow with jobs
   */
  public WorkerMetrics(
      Facts facts, Slots slots, Supplier<Usage> usage, WorkerConfig.Series bounds) {
    durations = new TaskDurations(registry.getPrometheusRegistry(), bounds);
    watchMachine(usage);
    gauge("worker.slots", "Tasks that may run at once.", slots, Slots::size);
    watchState(facts);
    watchOrchestrator(facts);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
  }

  private void watchMachine(Supplier<Usage> usage) {
    gauge(
        "worker.cpu.usage.percent",
        "Processor time used, in percent of one core.",
        usage,
        u -> u.get().cpuPercent());
    gauge("worker.memory.usage.bytes", "Resident memory.", usage, u -> u.get().memoryBytes());
    GpuGauges.register(registry.getPrometheusRegistry(), usage);
  }

  private void watchState(Facts facts) {
    gauge("worker.concurrent.tasks", "Tasks that run now.", facts, Facts::active);
    gauge(
        "worker.draining",
        "1 while it leaves.",
        facts,
        f -> f.drain() == DrainState.RUNNING ? 0 : 1);
    gauge("worker.cordoned", "1 while cordoned.", facts, f -> f.cordoned() ? 1 : 0);
    counter("worker.lease.losses", "Leases lost in mid-run.", facts, Facts::leaseLosses);
  }

  private void watchOrchestrator(Facts facts) {
    gauge(
        "worker.orchestrator.connected",
        "1 while a session is there.",
        facts,
        WorkerMetrics::connected);
    for (Facts.Wire wire : Facts.Wire.values()) {
      Gauge.builder(
              "worker.orchestrator.wire", facts, f -> f.wire().equals(Optional.of(wire)) ? 1 : 0)
          .description("1 for the wire that the connected orchestrator speaks.")
          .tag("wire", wire.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    counter("worker.heartbeats", "Heartbeats sent.", facts, Facts::heartbeats);
    counter(
        "worker.heartbeats.failed",
        "Heartbeats without an answer when their session ended.",
        facts,
        Facts::failedHeartbeats);
    counter(
        "worker.connection.failures",
        "Tries to reach an orchestrator that failed.",
        facts,
        Facts::failedConnections);
  }

  /** Shows what the machine, or the container, allows. */
  public void watch(Capacity capacity) {
    gauge("worker.cpu.limit.cores", "Cores that it may use.", capacity, Capacity::cpuCores);
    gauge("worker.memory.limit.bytes", "Memory that it may use.", capacity, Capacity::memoryBytes);
  }

  /** Shows what goes on after its task has ended. */
  public void watch(Strays strays) {
    gauge(
        "worker.stray.trainers",
        "Trainers that ignore being stopped and were given up.",
        strays,
        Strays::count);
    gauge("worker.stray.threads", "Threads that ended tasks left behind.", strays, Strays::threads);
  }

  private static double connected(Facts facts) {
    return facts.connection() == ConnectionState.CONNECTED ? 1 : 0;
  }

  private <T> void gauge(String name, String help, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value).description(help).strongReference(true).register(registry);
  }

  private <T> void counter(String name, String help, T source, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, source, value).description(help).register(registry);
  }

  @Override
  public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
    epochs.increment();
    batches.increment(
        Math.max(0, (double) run.task().spec().getBatchEnd() - run.task().spec().getBatchStart()));
    gauges.reached(run.task(), metrics);
  }

  @Override
  public void ended(Run run, RunEnd end) {
    TrainingTask task = run.task();
    gauges.ended(task, System.nanoTime());
    Counter.builder("worker.tasks.completed")
        .description("Tasks that ended, by how.")
        .tags("status", end.statusLabel(), "model_type", modelType(task))
        .register(registry)
        .increment();
    durations.ended(task, modelType(task), end.duration());
  }

  /** Unknown types are one series, whatever they are called. */
  private static String modelType(TrainingTask task) {
    return ModelType.of(task.spec().getModelType()).map(ModelType::wireName).orElse("unknown");
  }

  /**
   * The text for a scrape.
   *
   * @param contentType of a {@link io.tensorfleet.worker.core.ScrapeFormat}
   */
  public String scrape(String contentType) {
    sweep(System.nanoTime());
    return registry.scrape(contentType);
  }

  /** Forgets tasks that ended long enough ago. */
  void sweep(long now) {
    gauges.sweep(now);
  }
}
