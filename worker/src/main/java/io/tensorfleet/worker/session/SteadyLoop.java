package io.tensorfleet.worker.session;

import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs steps on another executor; one that throws is logged and ends nothing but itself. */
record SteadyLoop(Executor loop) implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyLoop.class);

  @Override
  public void execute(Runnable step) {
    loop.execute(() -> run(step));
  }

  private static void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      LOG.error("a step of the session failed; the session goes on", failure);
    }
  }
}
