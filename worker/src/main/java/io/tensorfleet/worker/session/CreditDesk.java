package io.tensorfleet.worker.session;

import io.tensorfleet.worker.engine.Slots;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The slots that credit was granted for.
 *
 * <p>Credit is granted only for slots taken. A local task may use a slot that credit is out for; a
 * lease that then finds none is handed back. Not thread-safe.
 */
final class CreditDesk {
  private final Slots slots;
  private final Deque<Slots.Slot> granted = new ArrayDeque<>();
  private int outstanding;

  CreditDesk(Slots slots) {
    this.slots = slots;
  }

  /** Takes all free slots; returns the credit to send for them. */
  int topUp() {
    for (Optional<Slots.Slot> slot = slots.tryTake(); slot.isPresent(); slot = slots.tryTake()) {
      granted.add(slot.get());
    }
    int more = Math.max(0, granted.size() - outstanding);
    outstanding += more;
    return more;
  }

  /** The slot for a lease that has come. */
  Optional<Slots.Slot> claim() {
    outstanding = Math.max(0, outstanding - 1);
    return Optional.ofNullable(granted.poll());
  }

  /** A slot for a task that came another way. */
  Optional<Slots.Slot> borrow() {
    return slots.tryTake().or(() -> Optional.ofNullable(granted.poll()));
  }

  /** No credit is out any more. */
  void revoke() {
    granted.forEach(Slots.Slot::close);
    granted.clear();
    outstanding = 0;
  }
}
