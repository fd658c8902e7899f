package io.tensorfleet.operator.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Does things side by side on virtual threads, at most so many at once over all pools. */
final class Parallel implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("apply-", 0).factory());
  private final Semaphore places;

  Parallel(int most) {
    this.places = new Semaphore(most, true);
  }

  /** The results in the order of the items; waits for all of them. */
  <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<Future<R>> running = new ArrayList<>();
    for (T item : items) {
      running.add(threads.submit(() -> inPlace(item, work)));
    }
    List<R> results = new ArrayList<>();
    for (Future<R> each : running) {
      results.add(result(each));
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private <T, R> R inPlace(T item, Function<T, R> work) throws InterruptedException {
    places.acquire();
    try {
      return work.apply(item);
    } finally {
      places.release();
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
