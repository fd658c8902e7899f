package io.tensorfleet.operator.telemetry;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Whether the operator's loop comes round: it beats with each step of work that ends, and every few
 * seconds with a step that does nothing, on the threads of the loop. An API server that is away
 * does not stop it, for each call ends by its timeout.
 */
public final class Pulse implements AutoCloseable {
  /** Longer than any call may take. */
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final LongSupplier nanos;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pulse").factory());
  private volatile long last;

  Pulse(LongSupplier nanos) {
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Feels the pulse of these threads from now on. */
  public static Pulse of(Executor loop) {
    var pulse = new Pulse(System::nanoTime);
    long pause = PAUSE.toMillis();
    var _ =
        pulse.timer.scheduleWithFixedDelay(
            () -> pulse.ask(loop), pause, pause, TimeUnit.MILLISECONDS);
    return pulse;
  }

  /** A step has ended. */
  public void beat() {
    last = nanos.getAsLong();
  }

  public boolean alive() {
    return nanos.getAsLong() - last < LONGEST_SILENCE.toNanos();
  }

  /** One question at a time. */
  void ask(Executor loop) {
    if (!asked.compareAndSet(false, true)) {
      return;
    }
    try {
      loop.execute(
          () -> {
            asked.set(false);
            beat();
          });
    } catch (RejectedExecutionException closing) {
      asked.set(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
