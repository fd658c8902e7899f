package io.tensorfleet.worker.session;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs steps on another executor; one that throws is logged and ends nothing but itself. */
record SteadyLoop(Executor loop) implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyLoop.class);

  @Override
  public void execute(Runnable step) {
    try {
      loop.execute(() -> run(step));
    } catch (RejectedExecutionException _) {
      LOG.debug("the worker has ended: a step of its session is passed over");
    }
  }

  private static void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      LOG.error("a step of the session failed; the session goes on", failure);
    }
  }
}
