package io.tensorfleet.worker.bench;

import io.tensorfleet.worker.core.EpochMetrics;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Tasks a second through 1, 2, 4 and 8 slots, where a task does nothing and where it waits. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ConcurrentTasks {
  private static final int TASKS = 64;

  /** How many tasks may run at once. */
  @Param({"1", "2", "4", "8"})
  public int slots;

  private Engine noop = new Engine(1, (_, _) -> EpochMetrics.NONE);
  private Engine waiting = noop;

  @Setup
  public void open() {
    noop = new Engine(slots, (_, _) -> EpochMetrics.NONE);
    waiting =
        new Engine(
            slots,
            (_, _) -> {
              Thread.sleep(1);
              return EpochMetrics.NONE;
            });
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void noop() throws InterruptedException {
    noop.run(TASKS);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void waitingAMillisecond() throws InterruptedException {
    waiting.run(TASKS);
  }

  @TearDown
  public void close() {
    noop.close();
    waiting.close();
  }
}
