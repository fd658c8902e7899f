package io.tensorfleet.operator.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.QueueStatus;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.limit.Throttle;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The operator's metrics: gauges per pool, timers, counters. */
public final class PoolMetrics {
  private static final String PREFIX = "tensorfleet.pool.";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ConcurrentMap<PoolKey, Shown> pools = new ConcurrentHashMap<>();
  private final Timer reconcile = timer("tensorfleet.reconcile", "One reconcile of a pool");
  private final Timer decision = timer("tensorfleet.decision", "One scaling decision");

  public Timer reconcile() {
    return reconcile;
  }

  public Timer decision() {
    return decision;
  }

  /** Where other parts of the program put their meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Shows how much the operator may write at once now, and how much waits for its turn. */
  public void watch(Throttle throttle) {
    Gauge.builder("tensorfleet.api.writes.allowed", throttle, Throttle::places)
        .description("Writes to the API server that may be under way at once now")
        .register(registry);
    Gauge.builder("tensorfleet.api.writes.waiting", throttle, Throttle::waiting)
        .description("Writes to the API server that wait for their turn")
        .register(registry);
  }

  /** Counts Pods created, removed, kept because they were busy, and refused by the API server. */
  public void count(String what, int number) {
    if (number > 0) {
      Counter.builder("tensorfleet.pods")
          .description("Pods created, removed, kept because they may not leave, refused")
          .tag("outcome", what)
          .register(registry)
          .increment(number);
    }
  }

  public void show(PoolKey pool, WorkerPoolStatus status) {
    pools.computeIfAbsent(pool, this::register).status().set(status);
  }

  public void forget(PoolKey pool) {
    Shown shown = pools.remove(pool);
    if (shown != null) {
      shown.meters().forEach(registry::remove);
    }
  }

  /** Prometheus text. */
  public String text() {
    return registry.scrape();
  }

  private Shown register(PoolKey pool) {
    var status = new AtomicReference<>(WorkerPoolStatus.empty());
    Tags tags = Tags.of("namespace", pool.namespace(), "pool", pool.name());
    return new Shown(
        status,
        List.of(
            gauge("desired.replicas", tags, status, s -> number(s.desiredReplicas())),
            state("ready", tags, status, s -> number(s.readyReplicas())),
            state("starting", tags, status, s -> number(s.startingReplicas())),
            state("busy", tags, status, s -> number(s.busyReplicas())),
            state("idle", tags, status, s -> number(s.idleReplicas())),
            state("draining", tags, status, s -> number(s.drainingReplicas())),
            gauge("pending", tags, status, s -> queue(s, QueueStatus::pending)),
            gauge("running", tags, status, s -> queue(s, QueueStatus::running))));
  }

  private Meter state(
      String state,
      Tags tags,
      AtomicReference<WorkerPoolStatus> status,
      ToDoubleFunction<WorkerPoolStatus> value) {
    return gauge("replicas", tags.and("state", state), status, value);
  }

  private Meter gauge(
      String name,
      Tags tags,
      AtomicReference<WorkerPoolStatus> status,
      ToDoubleFunction<WorkerPoolStatus> value) {
    return Gauge.builder(PREFIX + name, status, s -> value.applyAsDouble(s.get()))
        .description("Of a worker pool: " + name.replace('.', ' '))
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .publishPercentileHistogram()
        .register(registry);
  }

  private static double number(@Nullable Number value) {
    return value == null ? 0 : value.doubleValue();
  }

  private interface QueueNumber {
    @Nullable Long of(QueueStatus queue);
  }

  private static double queue(WorkerPoolStatus status, QueueNumber value) {
    return Optional.ofNullable(status.queue()).map(q -> number(value.of(q))).orElse(0.0);
  }

  private record Shown(AtomicReference<WorkerPoolStatus> status, List<Meter> meters) {}
}
