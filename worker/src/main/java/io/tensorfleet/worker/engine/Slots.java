package io.tensorfleet.worker.engine;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to run so many tasks at once. A slot is taken before work is asked for. */
public final class Slots {
  private final int size;
  private final Semaphore free;

  public Slots(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("slots: %d; accepted: at least 1".formatted(size));
    }
    this.size = size;
    this.free = new Semaphore(size);
  }

  public Optional<Slot> tryTake() {
    return free.tryAcquire() ? Optional.of(new Slot()) : Optional.empty();
  }

  public int size() {
    return size;
  }

  public int free() {
    return free.availablePermits();
  }

  /** One place; given back once, however often it is closed. */
  public final class Slot implements AutoCloseable {
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Slot() {}

    @Override
    public void close() {
      if (held.compareAndSet(true, false)) {
        free.release();
      }
    }
  }
}
