package io.tensorfleet.orchestrator.watch;

import io.tensorfleet.orchestrator.store.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One thing that is watched. Reads it once for all subscribers: at once for a new one, on change at
 * most ten times a second and only where it differs, and now and then in any case.
 */
final class Topic<T> {
  private static final Duration APART = Duration.ofMillis(100);

  /** Takes states of the thing; says whether it wants more. */
  interface Subscriber<T> {
    boolean take(T state);

    void fail(DatabaseException away);
  }

  /**
   * How a topic reads its thing; {@code same} tells whether two states look the same to a
   * subscriber.
   */
  interface Source<T> {
    T read();

    boolean same(T a, T b);
  }

  private final ScheduledExecutorService executor;
  private final Source<T> source;
  private final Supplier<Long> nanoTime;
  private final List<Subscriber<T>> subscribers = new CopyOnWriteArrayList<>();
  private Optional<T> last = Optional.empty();
  private long lastAt;
  private boolean scheduled;
  private long lastRead;

  Topic(ScheduledExecutorService executor, Source<T> source, Supplier<Long> nanoTime) {
    this.executor = executor;
    this.source = source;
    this.nanoTime = nanoTime;
    this.lastRead = nanoTime.get() - APART.toNanos();
  }

  void subscribe(Subscriber<T> subscriber) {
    submit(
        () -> {
          subscribers.add(subscriber);
          read(List.of(subscriber));
        },
        0);
  }

  /**
   * Gives the state once: the one that is known where it is kept up to date or young, else a new
   * one.
   */
  void ask(Subscriber<T> subscriber) {
    submit(
        () -> {
          if (last.isEmpty() || !(watched() || nanoTime.get() - lastAt < APART.toNanos())) {
            subscribers.add(subscriber);
            read(List.of(subscriber));
            subscribers.remove(subscriber);
          } else {
            var _ = subscriber.take(last.get());
          }
        },
        0);
  }

  boolean watched() {
    return !subscribers.isEmpty();
  }

  /** Something may have changed. */
  synchronized void changed() {
    if (!scheduled) {
      scheduled = true;
      submit(this::readIfWatched, Math.max(0, lastRead + APART.toNanos() - nanoTime.get()));
    }
  }

  /** The time has come to tell everyone, changed or not. */
  void repeat() {
    submit(() -> read(subscribers), 0);
  }

  private void readIfWatched() {
    synchronized (this) {
      scheduled = false;
      lastRead = nanoTime.get();
    }
    if (watched()) {
      readChanged();
    }
  }

  private void readChanged() {
    try {
      T state = source.read();
      lastAt = nanoTime.get();
      if (last.isEmpty() || !source.same(last.get(), state)) {
        last = Optional.of(state);
        give(state, subscribers);
      }
    } catch (DatabaseException e) {
      failAll(e, subscribers);
    }
  }

  private void read(List<Subscriber<T>> to) {
    if (to.isEmpty()) {
      return;
    }
    try {
      T state = source.read();
      lastAt = nanoTime.get();
      boolean news = last.isEmpty() || !source.same(last.get(), state);
      last = Optional.of(state);
      give(state, news ? subscribers : to);
    } catch (DatabaseException e) {
      failAll(e, to);
    }
  }

  private void give(T state, List<Subscriber<T>> to) {
    for (Subscriber<T> subscriber : to) {
      if (!subscriber.take(state)) {
        subscribers.remove(subscriber);
      }
    }
  }

  private void failAll(DatabaseException e, List<Subscriber<T>> to) {
    for (Subscriber<T> subscriber : to) {
      subscriber.fail(e);
      subscribers.remove(subscriber);
    }
  }

  private void submit(Runnable task, long nanos) {
    try {
      var _ = executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // the orchestrator is closing
    }
  }
}
