package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.worker.core.Checkpoint;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.Strays;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A session on a bench: the test moves its clock, runs its loop, and ends its tasks by hand. */
final class Bench implements AutoCloseable {
  final FakeOrchestrator orchestrator = new FakeOrchestrator();
  final Slots slots;
  final Facts facts = new Facts(Instant.EPOCH);
  final Session session;
  Usage usage = new Usage(1, 2);
  InstantSource clock = () -> Instant.EPOCH;
  private final HandTrainer trainer = new HandTrainer();
  private final Runner runner;
  private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final Executor steps;
  private long now;

  /** Runs until the test says how it ends; a checkpoint is the number of its epoch. */
  private static final class HandTrainer implements Trainer {
    private final Map<String, BlockingQueue<String>> orders = new ConcurrentHashMap<>();

    BlockingQueue<String> of(String task) {
      return orders.computeIfAbsent(task, _ -> new LinkedBlockingQueue<>());
    }

    @Override
    public EpochMetrics train(TrainingTask task, Progress progress) throws InterruptedException {
      for (int epoch = 1; ; epoch++) {
        switch (of(task.taskId()).take()) {
          case "epoch" -> progress.epoch(epoch, 99, new EpochMetrics(epoch, 0, 0));
          case "checkpoint" ->
              progress.epoch(
                  new Epoch(epoch, 99, EpochMetrics.NONE, Optional.of(checkpoint(epoch))));
          case "deaf" -> waitUninterruptibly(of(task.taskId()));
          case "fail" -> throw new IllegalStateException("made to fail");
          default -> {
            return EpochMetrics.NONE;
          }
        }
      }
    }
  }

  Bench(int size) {
    this(size, Optional.empty(), Strays.GRACE);
  }

  Bench(int size, Optional<Duration> heartbeat, Duration grace) {
    this(size, heartbeat, grace, Optional.empty());
  }

  /** On which a task may run for {@code handBackAfter}. */
  static Bench holding(int size, Duration handBackAfter) {
    return new Bench(size, Optional.empty(), Duration.ofMillis(30), Optional.of(handBackAfter));
  }

  private Bench(
      int size, Optional<Duration> heartbeat, Duration grace, Optional<Duration> handBackAfter) {
    slots = new Slots(size);
    Strays strays = new Strays(grace, Integer.MAX_VALUE, _ -> {});
    runner = new Runner(trainer, () -> clock.instant(), List.of(facts), strays);
    SessionParts.Ground ground =
        new SessionParts.Ground(
            () -> now, () -> Instant.EPOCH.plusNanos(now), () -> 0.5, () -> usage, loop::add);
    steps = ground.loop();
    session =
        new Session(
            new SessionParts(
                new SessionParts.Settings(
                    hello(size),
                    heartbeat,
                    new TaskTimeout(Duration.ofMinutes(5), false),
                    Duration.ofSeconds(60),
                    handBackAfter),
                slots,
                runner,
                orchestrator,
                facts,
                ground));
  }

  private static Hello hello(int size) {
    return Hello.newBuilder()
        .setWorkerId("w")
        .setIncarnation("i")
        .setSlots(size)
        .setCapabilities(Capabilities.newBuilder().setCpuCores(7).setMemoryBytes(3L << 30))
        .build();
  }

  /** Puts a step on the session's loop, as its parts do. */
  void post(Runnable step) {
    steps.execute(step);
  }

  private static Checkpoint checkpoint(int epoch) {
    return () -> ref(epoch);
  }

  static ArtifactRef ref(int epoch) {
    return ArtifactRef.newBuilder().setUri("epoch:" + epoch).build();
  }

  private static void waitUninterruptibly(BlockingQueue<String> orders) {
    while (true) {
      try {
        var _ = orders.take();
        return;
      } catch (InterruptedException _) {
        // it is deaf
      }
    }
  }

  static LeaseToken token(String task) {
    return LeaseToken.newBuilder().setTaskId(task).setAttempt(1).setFence(1).build();
  }

  /** Connects and is welcomed; longer than any back-off and any wait for a verdict has passed. */
  FakeOrchestrator.Stream connect(LeaseToken... kept) {
    return connectAfter(Duration.ofSeconds(6), kept);
  }

  FakeOrchestrator.Stream connectAfter(Duration time, LeaseToken... kept) {
    step(time);
    FakeOrchestrator.Stream stream = orchestrator.last();
    stream.welcome(kept);
    drainLoop();
    return stream;
  }

  /** Finds an orchestrator of the earlier wire, which knows no registration either. */
  FakeCalls polling() {
    step(Duration.ofSeconds(6));
    orchestrator.last().events.closed(Status.UNIMPLEMENTED.withDescription("no WorkService"));
    drainLoop();
    orchestrator.calls.open("RegisterWorker").getLast().refuse(Status.UNIMPLEMENTED, false);
    drainLoop();
    return orchestrator.calls;
  }

  void step(Duration time) {
    now += time.toNanos();
    drainLoop();
    session.tick();
    drainLoop();
  }

  void drainLoop() {
    for (Runnable step = loop.poll(); step != null; step = loop.poll()) {
      step.run();
    }
  }

  void order(String task, String what) {
    trainer.of(task).add(what);
  }

  /** Waits until the trainer of a task has taken every order. */
  void awaitTaken(String task) throws InterruptedException {
    await(() -> trainer.of(task).isEmpty());
  }

  /** Runs the loop until the condition holds; time stands still meanwhile. */
  void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the condition did not come true within 10 s");
      }
      Runnable step = loop.poll(5, TimeUnit.MILLISECONDS);
      if (step != null) {
        step.run();
      }
    }
  }

  @Override
  public void close() {
    runner.close();
  }
}
