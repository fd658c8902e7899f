package io.tensorfleet.worker.engine;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Platform threads for trainers, used again for the next task unless the one before left something
 * behind. Each has a thread group of its own, by which the threads that a trainer started are
 * found. Thread-safe.
 */
final class TaskThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskThreads.class);
  private static final long DYING_MILLIS = 500;

  private final AtomicInteger named = new AtomicInteger();
  private final Strays strays;

  /** Not that of a task, even where a task's thread asks for the next one. */
  private final ThreadGroup home = Thread.currentThread().getThreadGroup();

  private final ExecutorService threads = Executors.newCachedThreadPool(this::thread);

  TaskThreads(Strays strays) {
    this.strays = strays;
  }

  /** Ends a thread of the pool, as nothing else does. */
  private static final class Retired extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Retired() {
      super("this thread is not used again", null, false, false);
    }
  }

  /** Says what a trainer's own thread died of, instead of a bare stack trace. */
  private static final class Group extends ThreadGroup {
    Group(ThreadGroup parent, String name) {
      super(parent, name);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
      if (!(failure instanceof Retired)) {
        LOG.warn("thread {} of a trainer died", thread.getName(), failure);
      }
    }
  }

  private Thread thread(Runnable body) {
    String name = "task-" + named.incrementAndGet();
    return Thread.ofPlatform().group(new Group(home, name)).daemon().name(name).unstarted(body);
  }

  /**
   * Runs the body, and looks after it for what it left behind.
   *
   * @throws OutOfMemoryError where the system grants no thread
   */
  void run(Run run, Runnable body) {
    threads.execute(
        () -> {
          body.run();
          List<Thread> left = othersHere();
          if (!left.isEmpty()) {
            strays.leftBehind(run, left);
          }
          if (!left.isEmpty() || run.abandoned()) {
            throw new Retired();
          }
        });
  }

  /** The threads of this thread's group that are not about to end by themselves. */
  private static List<Thread> othersHere() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    if (group.activeCount() <= 1) {
      return List.of();
    }
    Thread[] found = new Thread[group.activeCount() + 8];
    int count = group.enumerate(found);
    long deadline = System.nanoTime() + Duration.ofMillis(DYING_MILLIS).toNanos();
    return Arrays.stream(found, 0, count)
        .filter(thread -> !thread.equals(Thread.currentThread()))
        .filter(thread -> !endsBy(thread, deadline))
        .toList();
  }

  private static boolean endsBy(Thread thread, long deadline) {
    try {
      return thread.join(Duration.ofNanos(deadline - System.nanoTime()));
    } catch (InterruptedException _) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
