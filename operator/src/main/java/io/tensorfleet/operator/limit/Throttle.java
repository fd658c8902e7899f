package io.tensorfleet.operator.limit;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.operator.Look;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.limit.Ending.Overloaded;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Every write to the API server goes through here and waits for its turn. One that is answered with
 * 429 is sent again after the pause that was asked for, a few times.
 */
public final class Throttle implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 6;

  /** Longer than any write takes, and than any pause that the API server is given. */
  private static final Duration LONGEST_STILL = Duration.ofMinutes(5);

  private final LongSupplier nanos;
  private final Object lock = new Object();
  private final Admission<PoolKey, CompletableFuture<Void>> admission;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("api-limit").daemon().factory());
  private long moved;
  private boolean timed;
  private boolean closed;

  public Throttle(ApiLimits limits) {
    this(limits, System::nanoTime);
  }

  Throttle(ApiLimits limits, LongSupplier nanos) {
    this.nanos = nanos;
    this.admission = new Admission<>(limits, nanos.getAsLong());
  }

  /**
   * Writes when it is the pool's turn; blocks until then.
   *
   * @throws KubernetesClientException as the write throws it, or when it was interrupted
   */
  public <R> R call(PoolKey pool, Supplier<R> write) {
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return once(pool, write);
      } catch (KubernetesClientException e) {
        if (!(Ending.of(e) instanceof Overloaded overloaded && overloaded.refused())) {
          throw e;
        }
      }
    }
    return once(pool, write);
  }

  /** The same for a write that gives nothing back. */
  public void run(PoolKey pool, Runnable write) {
    call(
        pool,
        () -> {
          write.run();
          return true;
        });
  }

  /** The API server asked everybody to wait, in an answer that may have been to a read. */
  public void asked(Duration pause) {
    synchronized (lock) {
      moved = nanos.getAsLong();
      admission.pause(pause, moved);
    }
  }

  /** Writes that may be under way at once now. */
  public int places() {
    synchronized (lock) {
      return admission.places();
    }
  }

  /** Writes that wait for their turn. */
  public int waiting() {
    synchronized (lock) {
      return admission.waiting();
    }
  }

  /** That nobody of those who wait has been let in for long, and nobody asked for that. */
  public Optional<String> trouble() {
    synchronized (lock) {
      boolean moves = nanos.getAsLong() - moved < LONGEST_STILL.toNanos();
      return moves || admission.waiting() == 0
          ? Optional.empty()
          : Optional.of(
              admission.waiting()
                  + " writes wait, and none has begun for "
                  + LONGEST_STILL.toMinutes()
                  + " minutes");
    }
  }

  /** Nobody is let in any more; those who wait are told so. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      admission.empty().forEach(turn -> turn.completeExceptionally(stopping()));
    }
    timer.shutdownNow();
  }

  private <R> R once(PoolKey pool, Supplier<R> write) {
    await(pool);
    long begun = nanos.getAsLong();
    Ending ending = new Ending.Untold();
    try {
      R result = write.get();
      ending = new Ending.Answered();
      return result;
    } catch (KubernetesClientException e) {
      ending = Ending.of(e);
      throw e;
    } finally {
      ended(ending, begun);
    }
  }

  private static KubernetesClientException stopping() {
    return new KubernetesClientException("the operator stops and writes no more");
  }

  private void await(PoolKey pool) {
    var turn = new CompletableFuture<Void>();
    synchronized (lock) {
      if (closed) {
        throw stopping();
      }
      moved = admission.waiting() == 0 ? nanos.getAsLong() : moved;
      admission.wait(pool, turn);
      admit();
    }
    Look look = Look.current();
    look.waits();
    try {
      turn.get();
    } catch (InterruptedException e) {
      withdraw(pool, turn);
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("interrupted before its turn to write came", e);
    } catch (ExecutionException e) {
      throw new KubernetesClientException(String.valueOf(e.getMessage()), e);
    } finally {
      look.waited();
    }
  }

  private void withdraw(PoolKey pool, CompletableFuture<Void> turn) {
    synchronized (lock) {
      if (!admission.leave(pool, turn)) {
        admission.unused();
        admit();
      }
    }
  }

  private void ended(Ending ending, long begun) {
    synchronized (lock) {
      long now = nanos.getAsLong();
      switch (ending) {
        case Ending.Answered _ -> admission.answered(now - begun, now);
        case Overloaded(boolean _, Optional<Duration> retryAfter) ->
            admission.overloaded(retryAfter, now);
        case Ending.Untold _ -> admission.unused();
      }
      admit();
    }
  }

  private void admit() {
    long now = nanos.getAsLong();
    Admission.Turn<CompletableFuture<Void>> turn = admission.next(now);
    moved = turn.begin().isEmpty() ? moved : now;
    turn.begin().forEach(waiting -> waiting.complete(null));
    turn.again().ifPresent(this::admitAfter);
  }

  private void admitAfter(long pause) {
    if (!timed && !closed) {
      timed = true;
      var _ = timer.schedule(this::admitLater, pause, TimeUnit.NANOSECONDS);
    }
  }

  private void admitLater() {
    synchronized (lock) {
      timed = false;
      admit();
    }
  }
}
