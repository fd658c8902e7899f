package io.tensorfleet.worker.bench;

import io.tensorfleet.worker.core.EpochMetrics;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one task costs beside its training: there and back, one at a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TaskExecution {
  private final Engine engine = new Engine(1, (_, _) -> EpochMetrics.NONE);
  private final SessionBench session = new SessionBench((_, _) -> EpochMetrics.NONE);

  /** Slot, runner, thread, end. */
  @Benchmark
  public void runner() throws InterruptedException {
    engine.run(1);
  }

  /** The same through a session: lease, run, result, verdict, credit; the stream is in memory. */
  @Benchmark
  public void session() throws InterruptedException {
    session.leaseAndAwaitResult();
  }

  @TearDown
  public void close() {
    engine.close();
    session.close();
  }
}
