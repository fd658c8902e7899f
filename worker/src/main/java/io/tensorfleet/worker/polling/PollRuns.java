package io.tensorfleet.worker.polling;

import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.PollBook;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.log.TaskContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of polled tasks, kept in step with the book. A task whose slot was lent meanwhile waits
 * here for another. Used by the session's thread alone.
 */
final class PollRuns {
  private static final Logger LOG = LoggerFactory.getLogger(PollRuns.class);

  private final PollParts parts;
  private final PollBook book;
  private final Completions completions;
  private final Consumer<JobMetricsRequest> metrics;
  private final Runnable ended;
  private final Map<PollBook.Held, Run> runs = new HashMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(PollBook.Held held, TrainingTask task) {}

  /** Who hears: of metrics on any thread, of ends on the session's. */
  record Ears(Consumer<JobMetricsRequest> metrics, Runnable ended) {}

  PollRuns(PollParts parts, PollBook book, Ears ears) {
    this.parts = parts;
    this.book = book;
    this.completions = new Completions(parts.who().workerId());
    this.metrics = ears.metrics();
    this.ended = ears.ended();
  }

  void begin(PollBook.Held held, TrainingTask task, Optional<Slots.Slot> slot) {
    slot.ifPresentOrElse(
        free -> start(held, task, free), () -> waiting.add(new Waiting(held, task)));
  }

  /** Begins what waits, as slots allow. */
  void startWaiting() {
    while (!waiting.isEmpty()) {
      Optional<Slots.Slot> slot = parts.slots().tryTake();
      if (slot.isEmpty()) {
        return;
      }
      Waiting next = waiting.remove();
      start(next.held(), next.task(), slot.get());
    }
  }

  private void start(PollBook.Held held, TrainingTask task, Slots.Slot slot) {
    Duration timeout = parts.who().taskTimeout().effective(Optional.empty());
    try (TaskContext _ = TaskContext.of(task)) {
      runs.put(held, parts.runner().start(task, slot, timeout, events(held)));
      LOG.debug("started");
    } catch (RuntimeException failure) {
      LOG.error("task {} of job {} could not be begun", held.taskId(), held.jobId(), failure);
      slot.close();
      fail(held, "the task could not be begun on this worker: " + failure);
    }
  }

  private RunEvents events(PollBook.Held held) {
    return new RunEvents() {
      @Override
      public void progressed(Run run, int total, EpochMetrics reached) {
        int epoch = run.task().spec().getEpoch() + run.epochsDone() - 1;
        metrics.accept(
            JobMetricsRequest.newBuilder()
                .setJobId(held.jobId())
                .setEpoch(epoch)
                .setLoss(reached.loss())
                .setAccuracy(reached.accuracy())
                .build());
      }

      @Override
      public void ended(Run run, RunEnd end) {
        parts.ground().loop().execute(() -> finish(held, end));
      }
    };
  }

  private void finish(PollBook.Held held, RunEnd end) {
    runs.remove(held);
    try (TaskContext _ = TaskContext.of(held.taskId(), held.jobId())) {
      LOG.debug("ended: {} after {} epochs", end.statusLabel(), end.epochsDone());
    }
    if (end.stopReason().filter(StopReason.LOST::equals).isEmpty()) {
      owe(held, completions.of(held, end));
    } else {
      book.lost(held);
    }
    ended.run();
  }

  /** Ends a task that does not run. */
  void fail(PollBook.Held held, String error) {
    owe(held, completions.failed(held, error));
  }

  private void owe(PollBook.Held held, TaskCompletionRequest completion) {
    book.ended(held, completion, parts.ground().now());
  }

  /** Runs, and tasks that wait for a slot. */
  int size() {
    return runs.size() + waiting.size();
  }

  /** Stops tasks; what waits is reported as failed at once. False where there is none. */
  boolean stop(Predicate<PollBook.Held> which, StopReason reason, String detail) {
    List<PollBook.Held> running = runs.keySet().stream().filter(which).toList();
    List<Waiting> idle = waiting.stream().filter(task -> which.test(task.held())).toList();
    waiting.removeAll(idle);
    for (Waiting task : idle) {
      switch (reason) {
        case LOST -> book.lost(task.held());
        case RETURNED -> fail(task.held(), Completions.DRAINS);
        case CANCELLED, TIMED_OUT -> fail(task.held(), detail);
      }
    }
    running.forEach(held -> stop(held, reason, detail));
    return !running.isEmpty() || !idle.isEmpty();
  }

  private void stop(PollBook.Held held, StopReason reason, String detail) {
    Run run = runs.get(held);
    if (run != null) {
      run.stop(reason, detail);
    }
  }
}
