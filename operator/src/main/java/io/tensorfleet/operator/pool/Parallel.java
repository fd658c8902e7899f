package io.tensorfleet.operator.pool;

import io.tensorfleet.operator.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Does things side by side on virtual threads. How many writes are under way over all pools is the
 * throttle's business.
 */
final class Parallel implements AutoCloseable {
  private static final int FIRST = 8;
  private static final int MOST = 64;
  private static final long PATIENCE_SECONDS = 5;

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("apply-", 0).factory());

  /** The results in the order of the items; waits for all of them. */
  <T, R> List<R> map(List<T> items, Function<T, R> work) {
    return ramp(items, work, _ -> true);
  }

  /**
   * Begins with a few, then one more with each good result; after a bad one nothing begins. The
   * results of what was begun, in the order of the items; waits for all of them.
   */
  <T, R> List<R> ramp(List<T> items, Function<T, R> work, Predicate<R> good) {
    var ramp = new Ramp();
    Look look = Look.current();
    List<Future<R>> running = new ArrayList<>();
    for (T item : items) {
      if (!ramp.begin()) {
        break;
      }
      running.add(
          threads.submit(
              () -> {
                boolean fine = false;
                try {
                  R result = look.within(() -> work.apply(item));
                  fine = good.test(result);
                  return result;
                } finally {
                  look.step();
                  ramp.end(fine);
                }
              }));
    }
    return running.stream().map(Parallel::result).toList();
  }

  /** Nothing begins any more; waits a little for what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many may be under way. */
  private static final class Ramp {
    private final Semaphore places = new Semaphore(FIRST);
    private int size = FIRST;
    private boolean bad;

    /** Waits for a place; false when nothing is to begin any more. */
    boolean begin() {
      places.acquireUninterruptibly();
      synchronized (this) {
        return !bad;
      }
    }

    synchronized void end(boolean fine) {
      bad |= !fine;
      boolean grows = fine && size < MOST;
      size += grows ? 1 : 0;
      places.release(grows ? 2 : 1);
    }
  }

  private static <R> R result(Future<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a plan was carried out", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a step of a plan failed", e.getCause());
    }
  }
}
