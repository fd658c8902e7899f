package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.Checkpoint;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One task in a slot. Stopped at most once, the first reason counts; ends at most once, and what
 * its trainer says afterwards is not heard.
 */
public final class Run {
  private final Start start;
  private final Slots.Slot slot;
  private final RunEvents events;
  private final Consumer<Run> stopping;
  private final long begun = System.nanoTime();

  private @Nullable Thread thread;
  private RunEnd.@Nullable Stopped stopped;
  private boolean over;
  private boolean abandoned;
  private volatile boolean left;
  private volatile Epoch last;

  /** What runs, and when it began. */
  record Start(TrainingTask task, Instant at) {}

  /**
   * A run that has not begun.
   *
   * @param stopping hears once that a stop was asked for, on the asking thread
   */
  Run(Start start, Slots.Slot slot, RunEvents events, Consumer<Run> stopping) {
    this.start = start;
    this.slot = slot;
    this.events = events;
    this.stopping = stopping;
    this.last = new Epoch(start.task().resumeEpoch(), 0, EpochMetrics.NONE, kept(start.task()));
  }

  private static Optional<Checkpoint> kept(TrainingTask task) {
    return task.checkpoint().map(ref -> () -> ref);
  }

  public TrainingTask task() {
    return start.task();
  }

  public int epochsDone() {
    return last.done();
  }

  /** The newest one that the trainer offered, or the one that the run began with. */
  public Optional<Checkpoint> checkpoint() {
    return last.checkpoint();
  }

  /** Whether the last of its epochs is done, so that it is about to end by itself. */
  public boolean isComplete() {
    Epoch now = last;
    return now.total() > 0 && now.done() >= now.total();
  }

  RunEvents events() {
    return events;
  }

  /** Asks the run to end. */
  public void stop(StopReason reason, String detail) {
    if (interrupt(reason, detail)) {
      stopping.accept(this);
    }
  }

  private synchronized boolean interrupt(StopReason reason, String detail) {
    boolean first = stopped == null && !over;
    if (first) {
      stopped = new RunEnd.Stopped(reason, detail);
    }
    if (thread != null) {
      thread.interrupt();
    }
    return first;
  }

  synchronized Optional<RunEnd.Stopped> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** The calling thread runs it from here on; one that was stopped before begins interrupted. */
  synchronized void enter() {
    thread = Thread.currentThread();
    if (stopped != null) {
      thread.interrupt();
    }
  }

  /** The calling thread is done with it, and no stop reaches that thread any more. */
  synchronized void leave() {
    thread = null;
    left = true;
    Thread.interrupted();
  }

  /** Whether its trainer has returned. */
  boolean left() {
    return left;
  }

  /** Whether it ended before its trainer did. */
  synchronized boolean abandoned() {
    return abandoned;
  }

  /** Marks its thread as given up, where its trainer has not returned, and asks it once more. */
  synchronized void disown() {
    if (thread != null) {
      thread.setName("stray-" + task().taskId());
      thread.interrupt();
    }
  }

  /** Under the lock, so that no progress is told after the end. */
  synchronized void epoch(Epoch epoch) {
    if (!over) {
      last = epoch;
      events.progressed(this, epoch.total(), epoch.metrics());
    }
  }

  /** Ends it: its slot is free again. Empty where it has ended already. */
  Optional<RunEnd> end(RunEnd.How how) {
    synchronized (this) {
      if (over) {
        return Optional.empty();
      }
      over = true;
      abandoned = thread != null;
    }
    slot.close();
    Duration lasted = Duration.ofNanos(System.nanoTime() - begun);
    return Optional.of(new RunEnd(how, last.metrics(), last.done(), start.at(), lasted));
  }
}
