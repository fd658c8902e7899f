package io.tensorfleet.worker.engine;

import io.tensorfleet.worker.log.TaskContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on after its task has ended: trainers that were given up because they ignore a stop,
 * and threads that trainers left behind. No thread can be ended by force, so the number of such
 * trainers is bounded: the worker must leave before it is made of nothing else. Thread-safe.
 */
public final class Strays {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

  /** A stop that is ignored is reported within 5 s; this leaves a second for the way. */
  public static final Duration GRACE = Duration.ofSeconds(4);

  private static final int THREADS_PER_SLOT = 64;

  private final Duration grace;
  private final int limit;
  private final Consumer<String> full;
  private final AtomicBoolean told = new AtomicBoolean();
  private final List<Run> runs = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * None yet.
   *
   * @param grace how long a trainer may go on after a stop
   * @param limit so many at once are too many
   * @param full hears once, in a sentence, that the limit was reached
   */
  public Strays(Duration grace, int limit, Consumer<String> full) {
    this.grace = grace;
    this.limit = limit;
    this.full = full;
  }

  Duration grace() {
    return grace;
  }

  /** How many trainers there are now; one that has returned is none any more. */
  public synchronized int count() {
    runs.removeIf(Run::left);
    return runs.size();
  }

  void add(Run run) {
    run.disown();
    try (TaskContext _ = TaskContext.of(run.task())) {
      LOG.warn("its trainer ignores being stopped and is given up");
    }
    synchronized (this) {
      runs.add(run);
    }
    if (count() >= limit && told.compareAndSet(false, true)) {
      full.accept(sentence());
    }
  }

  private synchronized String sentence() {
    return "%d %s being stopped, as many as may run at once (tasks %s)"
        .formatted(
            runs.size(),
            runs.size() == 1 ? "trainer ignores" : "trainers ignore",
            runs.stream()
                .limit(8)
                .map(run -> run.task().taskId())
                .collect(Collectors.joining(", ")));
  }

  /** How many threads live on that ended tasks left behind. */
  public synchronized int threads() {
    threads.removeIf(thread -> !thread.isAlive());
    return threads.size();
  }

  synchronized void leftBehind(Run run, List<Thread> left) {
    try (TaskContext _ = TaskContext.of(run.task())) {
      LOG.warn(
          "its trainer left {} threads behind: {}",
          left.size(),
          left.stream().limit(8).map(Thread::getName).collect(Collectors.joining(", ")));
    }
    threads.removeIf(thread -> !thread.isAlive());
    threads.addAll(left);
    if (threads.size() >= THREADS_PER_SLOT * (long) limit && told.compareAndSet(false, true)) {
      full.accept("%d threads of ended tasks live on".formatted(threads.size()));
    }
  }
}
