package io.tensorfleet.orchestrator.dispatch;

import io.tensorfleet.orchestrator.http.Meters;
import io.tensorfleet.orchestrator.store.JobEndStore;
import io.tensorfleet.orchestrator.store.SweepStore;
import io.tensorfleet.orchestrator.store.TransitionStore.Applied;
import io.tensorfleet.orchestrator.watch.ChangeHub;
import java.util.Collection;
import java.util.List;

/**
 * What follows once task changes are committed: jobs that are over end, watchers hear of it, free
 * tasks are given out.
 */
public final class Aftermath {
  private final JobEndStore jobEnds;
  private final SweepStore sweeps;
  private final ChangeHub hub;
  private final Runnable wakeDispatcher;
  private final Meters meters;

  /** The stores that it writes to. */
  public record Stores(JobEndStore jobEnds, SweepStore sweeps) {}

  public Aftermath(Stores stores, ChangeHub hub, Runnable wakeDispatcher, Meters meters) {
    this.jobEnds = stores.jobEnds();
    this.sweeps = stores.sweeps();
    this.hub = hub;
    this.wakeDispatcher = wakeDispatcher;
    this.meters = meters;
  }

  public void of(Applied applied) {
    if (applied.jobs().isEmpty()) {
      return;
    }
    meters.retried(applied.retried());
    finish(applied.ended());
    applied.seconds().forEach((classId, seconds) -> sweeps.learn(classId, mean(seconds)));
    hub.jobsChanged(applied.jobs());
    if (applied.freed()) {
      wakeDispatcher.run();
    }
  }

  /** Ends those of the jobs that are over. */
  public void finish(Collection<Long> jobs) {
    List<JobEndStore.Ended> ended = jobEnds.finish(jobs);
    ended.forEach(job -> meters.jobEnded(job.state(), job.seconds()));
    hub.changed(ended.stream().map(JobEndStore.Ended::queue).toList());
  }

  private static double mean(List<Double> seconds) {
    return seconds.stream().mapToDouble(s -> s).average().orElse(0);
  }
}
