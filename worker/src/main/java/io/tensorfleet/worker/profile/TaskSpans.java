package io.tensorfleet.worker.profile;

import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Which thread ran which task when. What has ended is kept only while a profile is made. */
public final class TaskSpans {
  /** Spans kept of one profile; the tasks of later ones are not named. */
  static final int KEPT = 50_000;

  /** A task on a thread; {@code to} is {@link Instant#MAX} while it runs. */
  record Span(long threadId, Instant from, Instant to, String taskId, String jobId) {
    Span until(Instant end) {
      return new Span(threadId, from, end, taskId, jobId);
    }
  }

  /** The task of a moment, by thread. */
  @FunctionalInterface
  interface Lookup {
    Optional<Span> at(long threadId, Instant moment);
  }

  private final InstantSource clock;
  private final Map<Long, Span> running = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Span> ended = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger(KEPT);

  public TaskSpans(InstantSource clock) {
    this.clock = clock;
  }

  /** The same trainer, whose runs are noted here. */
  public Trainer noting(Trainer trainer) {
    return (task, progress) -> {
      enter(task);
      try {
        return trainer.train(task, progress);
      } finally {
        leave();
      }
    };
  }

  private void enter(TrainingTask task) {
    long id = Thread.currentThread().threadId();
    running.put(id, new Span(id, clock.instant(), Instant.MAX, task.taskId(), task.jobId()));
  }

  private void leave() {
    Span span = running.remove(Thread.currentThread().threadId());
    if (span != null && kept.get() < KEPT && kept.getAndIncrement() < KEPT) {
      ended.add(span.until(clock.instant()));
    }
  }

  /** Keeps ended spans from here on, up to {@link #KEPT}. */
  void begin() {
    ended.clear();
    kept.set(0);
  }

  /** Keeps no more, and forgets what it kept once it has answered. */
  Lookup end() {
    List<Span> spans = new ArrayList<>(running.values());
    spans.addAll(ended);
    kept.set(KEPT);
    ended.clear();
    Map<Long, TreeMap<Instant, Span>> byThread = new TreeMap<>();
    for (Span span : spans) {
      byThread.computeIfAbsent(span.threadId(), _ -> new TreeMap<>()).put(span.from(), span);
    }
    return (threadId, moment) ->
        Optional.ofNullable(byThread.get(threadId))
            .map(ofThread -> ofThread.floorEntry(moment))
            .map(Map.Entry::getValue)
            .filter(span -> moment.isBefore(span.to()));
  }
}
