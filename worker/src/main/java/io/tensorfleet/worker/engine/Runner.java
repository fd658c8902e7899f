package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import io.tensorfleet.worker.trainer.TrainingException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks, each on a platform thread of its own.
 *
 * <p>Platform threads, because training burns processor time and calls native code: a virtual
 * thread that does so keeps its carrier, and with more slots than cores the other tasks would stand
 * still. Slots bound their number.
 */
public final class Runner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final Trainer trainer;
  private final InstantSource clock;
  private final List<RunEvents> observers;
  private final ExecutorService threads = Executors.newCachedThreadPool(daemons("task"));
  private final ScheduledThreadPoolExecutor timeouts =
      new ScheduledThreadPoolExecutor(1, daemons("task-timeouts"));

  /**
   * A runner with its watchers.
   *
   * @param observers hear of every run, before the run's own events do
   */
  public Runner(Trainer trainer, InstantSource clock, List<RunEvents> observers) {
    this.observers = List.copyOf(observers);
    this.trainer = trainer;
    this.clock = clock;
    timeouts.setRemoveOnCancelPolicy(true);
  }

  /** Begins to run the task; the slot is given back as it ends. */
  public Run start(TrainingTask task, Slots.Slot slot, Duration timeout, RunEvents events) {
    Run run = new Run(task, slot, new Fanout(observers, events));
    run.events().started(run);
    var _ = threads.submit(() -> perform(run, timeout));
    return run;
  }

  private void perform(Run run, Duration timeout) {
    Instant startedAt = clock.instant();
    long begun = System.nanoTime();
    Future<?> alarm =
        timeouts.schedule(
            () -> run.stop(StopReason.TIMED_OUT, "ran longer than " + GoDuration.format(timeout)),
            saturated(timeout),
            TimeUnit.NANOSECONDS);
    RunEnd.How how = how(run);
    alarm.cancel(false);
    run.release();
    Duration lasted = Duration.ofNanos(System.nanoTime() - begun);
    run.events().ended(run, new RunEnd(how, run.metrics(), run.epochsDone(), startedAt, lasted));
  }

  private RunEnd.How how(Run run) {
    run.enter();
    try {
      var _ = trainer.train(run.task(), run::epoch);
      return new RunEnd.Completed();
    } catch (TrainingException failure) {
      return stoppedOr(
          run, new RunEnd.Failed(String.valueOf(failure.getMessage()), failure.retryable()));
    } catch (InterruptedException _) {
      return stoppedOr(run, new RunEnd.Failed("the trainer was interrupted by itself", true));
    } catch (Throwable failure) {
      LOG.warn("task {}: the trainer threw", run.task().taskId(), failure);
      return stoppedOr(run, new RunEnd.Failed("the trainer threw " + failure, true));
    } finally {
      run.leave();
    }
  }

  private static RunEnd.How stoppedOr(Run run, RunEnd.How otherwise) {
    Optional<RunEnd.How> stopped = run.stopped().map(RunEnd.How.class::cast);
    return stopped.orElse(otherwise);
  }

  private static long saturated(Duration timeout) {
    return timeout.compareTo(Duration.ofDays(10_000)) > 0
        ? Duration.ofDays(10_000).toNanos()
        : timeout.toNanos();
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return body ->
        Thread.ofPlatform().daemon().name(name + "-" + count.incrementAndGet()).unstarted(body);
  }

  private record Fanout(List<RunEvents> observers, RunEvents own) implements RunEvents {
    @Override
    public void started(Run run) {
      observers.forEach(observer -> observer.started(run));
      own.started(run);
    }

    @Override
    public void progressed(Run run, int epochsTotal, EpochMetrics metrics) {
      observers.forEach(observer -> observer.progressed(run, epochsTotal, metrics));
      own.progressed(run, epochsTotal, metrics);
    }

    @Override
    public void ended(Run run, RunEnd end) {
      observers.forEach(observer -> observer.ended(run, end));
      own.ended(run, end);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    timeouts.shutdownNow();
  }
}
