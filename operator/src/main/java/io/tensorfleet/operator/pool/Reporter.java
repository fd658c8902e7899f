package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.api.PoolWriter;
import io.tensorfleet.operator.telemetry.PoolMetrics;
import io.tensorfleet.proto.v1.QueueSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what became of a pool: status, events, metrics. The only class that writes the first two.
 */
final class Reporter {
  private static final Logger log = LoggerFactory.getLogger(Reporter.class);

  private final PoolWriter api;
  private final PoolMetrics metrics;
  private final String identity;

  Reporter(PoolWriter api, PoolMetrics metrics, String identity) {
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
    outlook.failures().forEach(cause -> metrics.failed(key, cause));
    List<Announcement> news =
        memory.backlog().with(Announcement.of(memory.status(), status, outlook.plan()));
    return switch (StatusChange.of(memory, status, now)) {
      case StatusChange.None _ -> new Reported(tell(pool, news, memory, now), Optional.empty());
      case StatusChange.Later(Duration delay) when memory.backlog().isEmpty() ->
          new Reported(tell(pool, news, memory, now), Optional.of(delay));
      case StatusChange.Later(Duration delay) ->
          new Reported(memory.owes(status, memory.backlog().holding(news)), Optional.of(delay));
      case StatusChange.Write _ -> write(pool, status, memory, new News(news, now));
    };
  }

  private record News(List<Announcement> all, Instant now) {}

  /** The status first: after a crash in between, events are not told again. */
  private Reported write(WorkerPool pool, WorkerPoolStatus status, PoolMemory memory, News news) {
    Optional<String> failure = api.status(pool, status);
    if (failure.isEmpty()) {
      PoolMemory wrote = memory.wrote(status, news.now);
      return new Reported(tell(pool, news.all, wrote, news.now), Optional.empty());
    }
    if (memory.backlog().isEmpty()) {
      log.warn(
          "{}: the status could not be written and is tried again: {}",
          pool.getMetadata().getName(),
          failure.get());
    }
    Backlog backlog = memory.backlog().failed(news.all, news.now);
    return new Reported(memory.owes(status, backlog), Optional.of(backlog.pause(news.now)));
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
