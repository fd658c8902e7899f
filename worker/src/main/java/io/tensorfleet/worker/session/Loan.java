package io.tensorfleet.worker.session;

import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.engine.Slots;
import java.util.Optional;
import java.util.function.Supplier;

/** What came of asking for a slot for a task that has no lease. */
public sealed interface Loan {
  record Lent(Slots.Slot slot) implements Loan {}

  record Refused(Reason reason) implements Loan {}

  /** Why there is no slot. */
  enum Reason {
    NONE_FREE,
    DRAINING,
    /** A task of the same id runs here by a lease. */
    LEASED
  }

  static Loan of(DrainState drain, boolean leased, Supplier<Optional<Slots.Slot>> slot) {
    if (drain != DrainState.RUNNING) {
      return new Refused(Reason.DRAINING);
    }
    return leased
        ? new Refused(Reason.LEASED)
        : slot.get().<Loan>map(Lent::new).orElse(new Refused(Reason.NONE_FREE));
  }
}
