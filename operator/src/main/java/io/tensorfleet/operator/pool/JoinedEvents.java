package io.tensorfleet.operator.pool;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Passes events on, of one pool at most one in a short while: a thousand Pods that become ready
 * wake their pool a few times, not a thousand.
 */
final class JoinedEvents implements EventHandler, AutoCloseable {
  static final Duration WHILE = Duration.ofMillis(200);

  private final EventHandler handler;
  private final Wakeups<ResourceID> wakeups = new Wakeups<>(WHILE.toNanos());
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("pod-wakeups").daemon().factory());

  JoinedEvents(EventHandler handler) {
    this.handler = handler;
  }

  @Override
  public void handleEvent(Event event) {
    Optional<Long> delay;
    synchronized (wakeups) {
      delay = wakeups.asked(event.getRelatedCustomResourceID(), System.nanoTime());
    }
    delay.ifPresent(time -> wake(event, time));
  }

  /** The pool is gone. */
  void forget(ResourceID pool) {
    synchronized (wakeups) {
      wakeups.forget(pool);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void wake(Event event, long delay) {
    if (delay == 0) {
      handler.handleEvent(event);
    } else if (!timer.isShutdown()) {
      var _ = timer.schedule(() -> wakeLate(event), delay, TimeUnit.NANOSECONDS);
    }
  }

  private void wakeLate(Event event) {
    synchronized (wakeups) {
      wakeups.woken(event.getRelatedCustomResourceID(), System.nanoTime());
    }
    handler.handleEvent(event);
  }
}
