package io.tensorfleet.operator.telemetry;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.ConditionTypes;
import io.tensorfleet.crds.WorkerPoolStatus.QueueStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is measured of one pool. Worker-seconds grow with time, between what is shown too. */
final class PoolRecord {
  private static final double NANOS = 1e9;

  private final LongSupplier nanos;
  private final Map<String, Double> seconds = new HashMap<>();
  private final Map<String, Double> pods = new HashMap<>();
  private final Map<String, Double> failed = new HashMap<>();
  private WorkerPoolStatus status = WorkerPoolStatus.empty();
  private Duration oldest = Duration.ZERO;
  private long since;

  PoolRecord(LongSupplier nanos) {
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  synchronized void show(WorkerPoolStatus now, Duration oldestTask) {
    pass();
    status = now;
    oldest = oldestTask;
  }

  synchronized void count(String outcome, int number) {
    pods.merge(outcome, (double) number, Double::sum);
  }

  synchronized void failed(String cause) {
    failed.merge(cause, 1.0, Double::sum);
  }

  /**
   * The value of one series.
   *
   * @param value of the family's own label; empty where it has none
   */
  synchronized double value(PoolFamily family, String value) {
    return switch (family) {
      case DESIRED_REPLICAS -> number(status.desiredReplicas());
      case REPLICAS -> workers(value);
      case READY_REPLICAS -> number(status.readyReplicas());
      case UPDATED_REPLICAS -> number(status.updatedReplicas());
      case PENDING -> queue().map(q -> number(q.pending())).orElse(0.0);
      case RUNNING -> queue().map(q -> number(q.running())).orElse(0.0);
      case OLDEST_AGE_SECONDS -> oldest.toMillis() / 1e3;
      case QUEUE_REACHABLE -> condition(ConditionTypes.QUEUE_REACHABLE);
      case CONDITION -> condition(value);
      case WORKER_SECONDS -> {
        pass();
        yield seconds.getOrDefault(value, 0.0);
      }
      case PODS -> pods.getOrDefault(value, 0.0);
      case FAILED_PODS -> failed.getOrDefault(value, 0.0);
    };
  }

  /** Adds what has passed since, with the workers that were last shown. */
  private void pass() {
    long now = nanos.getAsLong();
    double passed = (now - since) / NANOS;
    since = now;
    PoolFamily.WORKER_SECONDS
        .labelValues()
        .forEach(state -> seconds.merge(state, workers(state) * passed, Double::sum));
  }

  private double workers(String state) {
    double busy = number(status.busyReplicas());
    double idle = number(status.idleReplicas());
    return switch (state) {
      case "busy" -> busy;
      case "idle" -> idle;
      case "draining" -> number(status.drainingReplicas());
      default -> Math.max(0, number(status.replicas()) - busy - idle);
    };
  }

  private Optional<QueueStatus> queue() {
    return Optional.ofNullable(status.queue());
  }

  private double condition(String type) {
    return status.conditions().stream()
            .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        ? 1
        : 0;
  }

  private static double number(@Nullable Number value) {
    return value == null ? 0 : value.doubleValue();
  }
}
