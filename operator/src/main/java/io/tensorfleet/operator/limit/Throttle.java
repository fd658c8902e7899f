package io.tensorfleet.operator.limit;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.operator.PoolKey;
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

  private final LongSupplier nanos;
  private final Object lock = new Object();
  private final Admission<PoolKey, CompletableFuture<Void>> admission;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("api-limit").daemon().factory());
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
    for (int attempt = 1; ; attempt++) {
      await(pool);
      long begun = nanos.getAsLong();
      try {
        R result = write.get();
        answered(begun);
        return result;
      } catch (KubernetesClientException e) {
        Optional<Overload> overload = Overload.of(e);
        overload.ifPresentOrElse(found -> overloaded(found.retryAfter()), () -> answered(begun));
        if (attempt == MOST_ATTEMPTS || !overload.map(Overload::refused).orElse(false)) {
          throw e;
        }
      } catch (RuntimeException e) {
        answered(begun);
        throw e;
      }
    }
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
      admission.pause(pause, nanos.getAsLong());
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

  /** Nobody is let in any more; those who wait are told so. */
  @Override
  public void close() {
    timer.shutdownNow();
    synchronized (lock) {
      closed = true;
      admission.empty().forEach(turn -> turn.completeExceptionally(stopping()));
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
      admission.wait(pool, turn);
      admit();
    }
    try {
      turn.get();
    } catch (InterruptedException e) {
      withdraw(pool, turn);
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("interrupted before its turn to write came", e);
    } catch (ExecutionException e) {
      throw new KubernetesClientException(String.valueOf(e.getMessage()), e);
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

  private void answered(long begun) {
    synchronized (lock) {
      long now = nanos.getAsLong();
      admission.answered(now - begun, now);
      admit();
    }
  }

  private void overloaded(Optional<Duration> retryAfter) {
    synchronized (lock) {
      admission.overloaded(retryAfter, nanos.getAsLong());
      admit();
    }
  }

  private void admit() {
    Admission.Turn<CompletableFuture<Void>> turn = admission.next(nanos.getAsLong());
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
