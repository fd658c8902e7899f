package io.tensorfleet.worker.race;

import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scene again and again, each time with another order of its threads' steps, as Lincheck's
 * model checker chooses them; a failure tells the order that led to it.
 */
public final class Interleavings {
  /** {@code make test-race} raises it. */
  private static final int TRIED = Integer.getInteger("race.interleavings", 200);

  private Interleavings() {}

  /** Tries a scene that builds its own things, and throws where one of the orders breaks it. */
  public static void of(Runnable scene) {
    Lincheck.runConcurrentTest(TRIED, scene);
  }

  /** Within a scene: both at once; returns when both have, throws what either threw. */
  public static void together(Runnable here, Runnable there) {
    Other other = new Other(there);
    Thread thread = new Thread(other);
    thread.start();
    here.run();
    try {
      thread.join();
    } catch (InterruptedException unexpected) {
      throw new AssertionError("an interrupt reached the next step of this thread", unexpected);
    }
    if (other.failure != null) {
      throw new AssertionError("the other thread threw", other.failure);
    }
  }

  private static final class Other implements Runnable {
    private final Runnable body;
    private @Nullable Throwable failure;

    Other(Runnable body) {
      this.body = body;
    }

    @Override
    public void run() {
      try {
        body.run();
      } catch (RuntimeException | Error thrown) {
        failure = thrown;
      }
    }
  }
}
