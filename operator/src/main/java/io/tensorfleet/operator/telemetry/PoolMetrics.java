package io.tensorfleet.operator.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.limit.Throttle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The operator's metrics. */
public final class PoolMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<PoolKey, PoolRecord> pools = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private final Timer reconcile =
      timer("tensorfleet.reconcile", "How long one look at a pool took, with what was done");
  private final Timer decision = timer("tensorfleet.decision", "How long one decision took");

  public PoolMetrics() {
    this(System::nanoTime);
  }

  PoolMetrics(LongSupplier nanos) {
    this.nanos = nanos;
    registry.getPrometheusRegistry().register(new PoolCollector(pools));
  }

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

  /** Shows whether this operator is the one that acts. */
  public void leader(BooleanSupplier acts) {
    Gauge.builder("tensorfleet.operator.leader", acts, a -> a.getAsBoolean() ? 1 : 0)
        .description("1 while this operator is the one that acts, else 0")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Counts Pods.
   *
   * @param outcome one of those that {@link PoolFamily#PODS} names
   */
  public void count(PoolKey pool, String outcome, int number) {
    if (number > 0) {
      of(pool).count(outcome, number);
    }
  }

  /**
   * Counts a Pod that leaves because it does not serve.
   *
   * @param cause one of those that {@link PoolFamily#FAILED_PODS} names
   */
  public void failed(PoolKey pool, String cause) {
    of(pool).failed(cause);
  }

  /**
   * Shows how a pool is.
   *
   * @param oldest how long the oldest task of its queue waits
   */
  public void show(PoolKey pool, WorkerPoolStatus status, Duration oldest) {
    of(pool).show(status, oldest);
  }

  public void forget(PoolKey pool) {
    pools.remove(pool);
  }

  /** The page in Prometheus' own text. */
  public String text() {
    return registry.scrape();
  }

  /** The page in the format of this content type. */
  public String text(String contentType) {
    return registry.scrape(contentType);
  }

  private PoolRecord of(PoolKey pool) {
    return pools.computeIfAbsent(pool, _ -> new PoolRecord(nanos));
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
