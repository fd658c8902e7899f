package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A session as in a worker: real gRPC, real time, a loop of its own; the trainer is the test's. */
final class LiveSession implements AutoCloseable {
  final Facts facts = new Facts(Instant.now());
  final Slots slots;
  final Session session;
  private final Runner runner;
  private final GrpcConnector connector;
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  LiveSession(int port, int size, Trainer trainer, Duration drain) {
    slots = new Slots(size);
    runner = new Runner(trainer, Instant::now, List.of(facts));
    connector = GrpcConnector.to("127.0.0.1:" + port, Optional.empty(), Optional.empty());
    session =
        new Session(
            new SessionParts(
                new SessionParts.Settings(
                    Hello.newBuilder()
                        .setWorkerId("live")
                        .setIncarnation("i")
                        .setSlots(size)
                        .build(),
                    Optional.empty(),
                    new TaskTimeout(Duration.ofMinutes(5), false),
                    drain),
                slots,
                runner,
                connector,
                facts,
                new SessionParts.Ground(
                    System::nanoTime, Instant::now, () -> 0.5, () -> new Usage(1, 2), loop)));
    var _ = loop.scheduleWithFixedDelay(session::tick, 0, 50, TimeUnit.MILLISECONDS);
  }

  static void until(String what, BooleanSupplier happened) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited in vain: " + what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  Exit left() throws Exception {
    return session.exit().get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    connector.close();
    loop.shutdownNow();
    runner.close();
  }
}
