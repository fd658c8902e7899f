package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TrainingTask;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One task in a slot. Stopped at most once; the first reason counts. */
public final class Run {
  private final TrainingTask task;
  private final Slots.Slot slot;
  private final RunEvents events;

  private @Nullable Thread thread;
  private RunEnd.@Nullable Stopped stopped;
  private volatile EpochMetrics metrics = EpochMetrics.NONE;
  private volatile int epochsDone;

  Run(TrainingTask task, Slots.Slot slot, RunEvents events) {
    this.task = task;
    this.slot = slot;
    this.events = events;
    this.epochsDone = task.resumeEpoch();
  }

  public TrainingTask task() {
    return task;
  }

  public int epochsDone() {
    return epochsDone;
  }

  EpochMetrics metrics() {
    return metrics;
  }

  RunEvents events() {
    return events;
  }

  /** Asks the run to end. */
  public synchronized void stop(StopReason reason, String detail) {
    if (stopped == null) {
      stopped = new RunEnd.Stopped(reason, detail);
    }
    if (thread != null) {
      thread.interrupt();
    }
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
    Thread.interrupted();
  }

  void epoch(int done, int total, EpochMetrics reached) {
    metrics = reached;
    epochsDone = done;
    events.progressed(this, total, reached);
  }

  void release() {
    slot.close();
  }
}
