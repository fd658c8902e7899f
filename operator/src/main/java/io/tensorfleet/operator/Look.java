package io.tensorfleet.operator;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * One look at a pool that is under way, with what is done: whether it gets on. It does with each
 * step that ends, and as long as any of it waits for its turn to write, for that takes as long as
 * others need.
 */
public final class Look {
  private static final ScopedValue<Look> CURRENT = ScopedValue.newInstance();

  private final LongSupplier nanos;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long last;

  public Look(LongSupplier nanos) {
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** The one that this thread works for; one that nobody hears of where it works for none. */
  public static Look current() {
    return CURRENT.isBound() ? CURRENT.get() : new Look(() -> 0);
  }

  /** Does this as a part of it. */
  public <T, X extends Throwable> T within(ScopedValue.CallableOp<? extends T, X> part) throws X {
    return ScopedValue.where(CURRENT, this).call(part);
  }

  /** A step of it has ended. */
  public void step() {
    last = nanos.getAsLong();
  }

  /** From now on a part of it waits for its turn. */
  public void waits() {
    waiting.incrementAndGet();
  }

  /** That part's turn has come, or will not come. */
  public void waited() {
    step();
    waiting.decrementAndGet();
  }

  /** How long it has not got on. */
  public Duration still() {
    return waiting.get() > 0 ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - last);
  }
}
