package io.tensorfleet.operator.telemetry;

import io.tensorfleet.operator.Look;
import io.tensorfleet.operator.PoolKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Whether the operator's loop comes round: it beats with each step of work that ends, and every few
 * seconds with a step that does nothing, on the threads of the loop; and whether each look at a
 * pool that is under way gets on. An API server that is away does not stop either, for each call
 * ends by its timeout.
 */
public final class Pulse implements AutoCloseable {
  /** Longer than any call may take. */
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

  /**
   * More than twice what a step of a look takes at most: a read of an API server that says nothing,
   * which the client repeats ten times with a timeout of 30 s.
   */
  static final Duration LONGEST_STEP = Duration.ofMinutes(15);

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final LongSupplier nanos;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pulse").factory());
  private final ConcurrentMap<Look, PoolKey> looks = new ConcurrentHashMap<>();
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

  /** Does this as a look at the pool, which is expected to get on. */
  public <T, X extends Throwable> T look(PoolKey pool, ScopedValue.CallableOp<? extends T, X> work)
      throws X {
    var look = new Look(nanos);
    looks.put(look, pool);
    try {
      return look.within(work);
    } finally {
      looks.remove(look);
      beat();
    }
  }

  /** What does not get on, in a sentence without its full stop. */
  public Optional<String> trouble() {
    if (nanos.getAsLong() - last >= LONGEST_SILENCE.toNanos()) {
      return Optional.of(
          "no step of the loop has ended for " + LONGEST_SILENCE.toMinutes() + " minutes");
    }
    return looks.entrySet().stream()
        .filter(look -> look.getKey().still().compareTo(LONGEST_STEP) >= 0)
        .map(
            look ->
                "the look at pool %s has not got on for %d minutes"
                    .formatted(look.getValue(), LONGEST_STEP.toMinutes()))
        .findFirst();
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
