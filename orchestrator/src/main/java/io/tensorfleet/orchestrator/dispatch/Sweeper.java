package io.tensorfleet.orchestrator.dispatch;

import io.grpc.Status;
import io.tensorfleet.orchestrator.core.Grace;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.session.Registry;
import io.tensorfleet.orchestrator.session.Session;
import io.tensorfleet.orchestrator.store.Database;
import io.tensorfleet.orchestrator.store.DatabaseException;
import io.tensorfleet.orchestrator.store.JobEndStore;
import io.tensorfleet.orchestrator.store.JobInfo;
import io.tensorfleet.orchestrator.store.SweepStore;
import io.tensorfleet.orchestrator.store.TransitionStore.Applied;
import io.tensorfleet.orchestrator.store.WorkerStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks a few times a second for what time alone brings about: ends of back-offs, leases, windows,
 * runs and deadlines.
 */
public final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  /** Part of the time from a worker's death to the restart of its tasks elsewhere. */
  public static final long OFTEN_MILLIS = 250;

  private static final int SELDOM = 8;

  private final Stores stores;
  private final Registry registry;
  private final Aftermath aftermath;
  private final Runnable wakeDispatcher;
  private long rounds;
  private Grace grace;

  /** What it reads and writes. */
  public record Stores(
      Database database,
      SweepStore sweeps,
      JobEndStore jobEnds,
      WorkerStore workers,
      LongFunction<JobInfo> jobs) {}

  public Sweeper(Stores stores, Registry registry, Aftermath aftermath, Runnable wakeDispatcher) {
    this.stores = stores;
    this.registry = registry;
    this.aftermath = aftermath;
    this.wakeDispatcher = wakeDispatcher;
    this.grace = Grace.from(stores.sweeps().lease(), System.nanoTime());
  }

  public void start(ScheduledExecutorService executor) {
    var _ =
        executor.scheduleWithFixedDelay(
            this::sweep, OFTEN_MILLIS, OFTEN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      if (stores.sweeps().promote() > 0) {
        wakeDispatcher.run();
      }
      long now = System.nanoTime();
      grace = grace.swept(now);
      boolean leasesEnd = !grace.holds(now);
      takeBack(leasesEnd);
      overdue();
      if (rounds++ % SELDOM == 0) {
        seldom(leasesEnd);
      }
    } catch (DatabaseException e) {
      LOG.warn("Sweeping waits until the database answers: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("A sweep failed; the next follows", e);
    }
  }

  private void takeBack(boolean leasesEnd) {
    Applied applied = stores.sweeps().takeBack(leasesEnd);
    for (TaskKey key : applied.keys()) {
      registry.sessions().forEach(s -> s.cancel(key, "the lease was taken back"));
    }
    aftermath.of(applied);
  }

  private void overdue() {
    for (long jobNo : stores.jobEnds().overdue()) {
      JobInfo job = stores.jobs().apply(jobNo);
      if (stores.jobEnds().expire(job)) {
        LOG.info("Job {} expired: its deadline has passed", job.jobId());
      }
    }
  }

  private void seldom(boolean leasesEnd) {
    if (leasesEnd) {
      stores.sweeps().markSilent();
    }
    List<Long> forgotten = stores.jobEnds().forgotten();
    if (!forgotten.isEmpty()) {
      aftermath.finish(forgotten);
    }
    refresh(registry.numbers());
  }

  /** Brings sessions up to date with what another orchestrator did to them. */
  public void refresh(Set<Long> sessions) {
    if (sessions.isEmpty()) {
      return;
    }
    for (WorkerStore.State state : stores.workers().states(sessions)) {
      registry.session(state.sessionNo()).ifPresent(session -> refresh(session, state));
    }
  }

  private void refresh(Session session, WorkerStore.State state) {
    if (!state.current()) {
      session.end(
          Status.ALREADY_EXISTS.withDescription(
              "a newer process of worker '" + session.workerId() + "' took over"));
    } else if (state.streamNo() > session.streamNo()) {
      session.end(Status.UNAVAILABLE.withDescription("a newer stream of this worker took over"));
    } else if (session.cordoned(state.cordoned()) && !state.cordoned()) {
      wakeDispatcher.run();
    }
  }
}
