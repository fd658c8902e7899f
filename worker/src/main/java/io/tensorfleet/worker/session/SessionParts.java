package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a session is made of. */
public record SessionParts(
    Settings settings,
    Slots slots,
    Runner runner,
    Connector connector,
    Facts facts,
    Ground ground) {

  /**
   * What holds for all its connections.
   *
   * @param handBackAfter how long a leased task may run here; empty: without end
   */
  public record Settings(
      Hello hello,
      Optional<Duration> heartbeatInterval,
      TaskTimeout taskTimeout,
      Duration drainTimeout,
      Optional<Duration> handBackAfter) {
    /** Of a worker on which tasks may run without end. */
    public Settings(
        Hello hello,
        Optional<Duration> heartbeatInterval,
        TaskTimeout taskTimeout,
        Duration drainTimeout) {
      this(hello, heartbeatInterval, taskTimeout, drainTimeout, Optional.empty());
    }
  }

  /** Time, chance, the machine, and the thread that everything happens on. */
  public record Ground(
      LongSupplier nanos,
      InstantSource wall,
      DoubleSupplier random,
      Supplier<Usage> usage,
      Executor loop) {
    /** What is run on the loop may fail: it is logged, and the loop goes on. */
    public Ground {
      loop = new SteadyLoop(loop);
    }
  }
}
