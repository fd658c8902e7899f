package io.tensorfleet.operator.lead;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this operator may act now. With a Lease that is until an end which only a renewal moves,
 * so that a process that was paused may not act when it goes on, before anybody has told it so.
 */
public final class Mandate implements BooleanSupplier {
  private final Supplier<Moment> clock;
  private final boolean always;
  private volatile @Nullable Moment end;
  private volatile boolean over;

  Mandate(Supplier<Moment> clock) {
    this(clock, false);
  }

  private Mandate(Supplier<Moment> clock, boolean always) {
    this.clock = clock;
    this.always = always;
  }

  /** Of an operator that is alone. */
  public static Mandate always() {
    return new Mandate(Moment::now, true);
  }

  /** Of one of several: it holds once a Lease is won. */
  public static Mandate byLease() {
    return new Mandate(Moment::now);
  }

  @Override
  public boolean getAsBoolean() {
    if (over || always) {
      return !over;
    }
    Moment until = end;
    return until != null && clock.get().isBefore(until);
  }

  /** It ends for good. */
  public void close() {
    over = true;
  }

  Moment now() {
    return clock.get();
  }

  /**
   * @param asked when the renewal that succeeded was begun
   */
  void extend(Moment asked, Duration length) {
    end = asked.plus(length);
  }
}
