package io.tensorfleet.worker.polling;

import io.tensorfleet.proto.orchestrator.WorkerCapabilities;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** What polling is made of. */
public record PollParts(Who who, Slots slots, Runner runner, Caller caller, Ground ground) {

  /**
   * The worker.
   *
   * @param heartbeatInterval that holds unless the orchestrator asks for a shorter one
   */
  public record Who(
      String workerId,
      WorkerCapabilities capabilities,
      TaskTimeout taskTimeout,
      Duration heartbeatInterval) {}

  /** Time, chance, and the thread that everything happens on. */
  public record Ground(LongSupplier nanos, DoubleSupplier random, Executor loop) {
    long now() {
      return nanos.getAsLong();
    }
  }
}
