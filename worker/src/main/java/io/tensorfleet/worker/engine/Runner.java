package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.log.TaskContext;
import io.tensorfleet.worker.trainer.Trainer;
import io.tensorfleet.worker.trainer.TrainingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
  private final Strays strays;
  private final TaskThreads threads;
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("task-timers").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * A runner with its watchers.
   *
   * @param observers hear of every run, before the run's own events do
   */
  public Runner(Trainer trainer, InstantSource clock, List<RunEvents> observers, Strays strays) {
    this.observers = List.copyOf(observers);
    this.trainer = trainer;
    this.clock = clock;
    this.strays = strays;
    this.threads = new TaskThreads(strays);
    timers.setRemoveOnCancelPolicy(true);
    timers.prestartCoreThread(); // else a task's thread would start it, and seem to leave it behind
  }

  /** A runner for which no number of strays is too many. */
  public Runner(Trainer trainer, InstantSource clock, List<RunEvents> observers) {
    this(trainer, clock, observers, new Strays(Strays.GRACE, Integer.MAX_VALUE, _ -> {}));
  }

  /** Begins to run the task; the slot is given back as it ends. */
  public Run start(TrainingTask task, Slots.Slot slot, Duration timeout, RunEvents events) {
    Run.Start start = new Run.Start(task, clock.instant());
    Run run = new Run(start, slot, Listeners.of(observers, events), this::stopping);
    run.events().started(run);
    try {
      threads.run(run, () -> perform(run, timeout));
    } catch (OutOfMemoryError | RejectedExecutionException failure) {
      conclude(run, new RunEnd.Failed("no thread can be had for it: " + failure, true));
    }
    return run;
  }

  private void perform(Run run, Duration timeout) {
    try (TaskContext _ = TaskContext.of(run.task())) {
      performInContext(run, timeout);
    }
  }

  private void performInContext(Run run, Duration timeout) {
    Future<?> alarm =
        after(
            timeout,
            () -> run.stop(StopReason.TIMED_OUT, "ran longer than " + GoDuration.format(timeout)));
    RunEnd.How how = new RunEnd.Failed("the trainer failed in a way that cannot be told", true);
    try {
      how = how(run);
    } finally {
      alarm.cancel(false);
      conclude(run, how);
    }
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
      LOG.warn("the trainer threw", failure);
      return stoppedOr(run, new RunEnd.Failed("the trainer threw " + failure, true));
    } finally {
      run.leave();
    }
  }

  private static void conclude(Run run, RunEnd.How how) {
    run.end(how).ifPresent(end -> run.events().ended(run, end));
  }

  private void stopping(Run run) {
    var _ = after(strays.grace(), () -> abandon(run));
  }

  /** Ends a run that was stopped long enough ago, whatever its trainer does. */
  private void abandon(Run run) {
    Optional<RunEnd> end =
        run.stopped()
            .map(s -> new RunEnd.Stopped(s.reason(), s.detail() + "; the trainer ignored it"))
            .flatMap(run::end);
    if (end.isPresent()) {
      strays.add(run);
      run.events().ended(run, end.get());
    }
  }

  private Future<?> after(Duration delay, Runnable what) {
    return timers.schedule(what, saturated(delay), TimeUnit.NANOSECONDS);
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

  @Override
  public void close() {
    threads.close();
    timers.shutdownNow();
  }
}
