package io.tensorfleet.e2e.drill;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets steps through in their order, or holds them back for a while. Safe for any thread. */
final class Gate {
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean shut;

  synchronized void hold() {
    shut = true;
  }

  synchronized void release() {
    shut = false;
    while (!held.isEmpty()) {
      held.poll().run();
    }
  }

  synchronized void pass(Runnable step) {
    if (shut) {
      held.add(step);
    } else {
      step.run();
    }
  }
}
