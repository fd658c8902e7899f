package io.tensorfleet.orchestrator.session;

import io.tensorfleet.orchestrator.store.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that takes whatever has gathered and handles it together, so that many small things
 * become one transaction. Adding never blocks. When the database is away a batch that must be kept
 * is tried again until it is back.
 */
public final class BatchWorker<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
  private static final int AT_ONCE = 1_000;

  private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
  private final boolean keep;
  private final Consumer<List<T>> handler;
  private final Thread thread;
  private volatile boolean stopped;

  public BatchWorker(String name, boolean keep, Consumer<List<T>> handler) {
    this.keep = keep;
    this.handler = handler;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  public void add(T one) {
    queue.add(one);
  }

  private void run() {
    List<T> batch = new ArrayList<>();
    while (!stopped) {
      try {
        batch.add(queue.take());
        queue.drainTo(batch, AT_ONCE - 1);
        handle(batch);
      } catch (InterruptedException e) {
        return;
      } finally {
        batch.clear();
      }
    }
  }

  private void handle(List<T> batch) throws InterruptedException {
    for (int attempt = 0; !stopped; attempt++) {
      try {
        handler.accept(List.copyOf(batch));
        return;
      } catch (DatabaseException e) {
        if (!e.away()) {
          apart(batch, e);
          return;
        }
        LOG.warn(
            "{}: the database is away ({}); {}",
            thread.getName(),
            e.getMessage(),
            keep ? "trying again" : "dropped");
        if (!keep) {
          return;
        }
        Thread.sleep(Duration.ofMillis(Math.min(2_000, 100L << Math.min(attempt, 5))));
      } catch (RuntimeException e) {
        apart(batch, e);
        return;
      }
    }
  }

  /** One that cannot be handled must not take the others with it. */
  private void apart(List<T> batch, RuntimeException why) throws InterruptedException {
    if (batch.size() == 1) {
      LOG.error("{}: dropped what cannot be handled", thread.getName(), why);
      return;
    }
    for (T one : batch) {
      handle(List.of(one));
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
