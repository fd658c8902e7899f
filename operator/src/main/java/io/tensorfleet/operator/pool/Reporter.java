package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.telemetry.PoolMetrics;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Says what became of a pool: status, events, metrics. The only class that writes the first two.
 */
final class Reporter {
  private final ApiWriter api;
  private final PoolMetrics metrics;
  private final String identity;

  Reporter(ApiWriter api, PoolMetrics metrics, String identity) {
    this.api = api;
    this.metrics = metrics;
    this.identity = identity;
  }

  /**
   * What the pool's memory is afterwards, and how long a write was put off.
   *
   * @param putOff empty when nothing was
   */
  record Reported(PoolMemory memory, Optional<Duration> putOff) {}

  Reported report(PoolKey key, Outlook outlook) {
    WorkerPool pool = outlook.seen().pool();
    PoolMemory memory = outlook.memory();
    Instant now = outlook.seen().now();
    WorkerPoolStatus status = Statuses.of(outlook);
    metrics.show(key, status, oldest(outlook.seen()));
    count(key, outlook.applied());
    memory = tell(pool, Announcement.of(memory.status(), status, outlook.plan()), memory, now);
    return switch (StatusChange.of(memory, status, now)) {
      case StatusChange.None _ -> new Reported(memory, Optional.empty());
      case StatusChange.Later(Duration delay) -> new Reported(memory, Optional.of(delay));
      case StatusChange.Write _ -> {
        api.status(pool, status);
        yield new Reported(memory.wrote(status, now), Optional.empty());
      }
    };
  }

  private static Duration oldest(Observation seen) {
    return seen.queue()
        .newest()
        .filter(QueueSnapshot::hasOldestAge)
        .map(snapshot -> Duration.ofSeconds(snapshot.getOldestAge().getSeconds()))
        .orElse(Duration.ZERO);
  }

  private void count(PoolKey key, Applied applied) {
    metrics.count(key, "created", applied.created().size());
    metrics.count(key, "removed", applied.removed().size());
    metrics.count(key, "kept", applied.kept().size());
    metrics.count(key, "refused", applied.createFailure().isPresent() ? 1 : 0);
  }

  private PoolMemory tell(WorkerPool pool, List<Announcement> all, PoolMemory memory, Instant now) {
    List<Announcement> fresh = Announcement.fresh(all, memory.told(), now);
    fresh.forEach(what -> api.event(Events.of(pool, what, identity, now)));
    return fresh.isEmpty() ? memory : memory.told(Announcement.remember(fresh, memory.told(), now));
  }
}
