package io.tensorfleet.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session on real threads against an orchestrator that takes away, cancels and hangs up. */
@Timeout(120)
class SessionStressTest {
  private static final int LEASES = Integer.getInteger("stress.leases", 3_000);
  private static final int SLOTS = 4;

  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final FickleOrchestrator orchestrator = new FickleOrchestrator(loop, LEASES);
  private final Slots slots = new Slots(SLOTS);
  private final Facts facts = new Facts(Instant.EPOCH);
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private EpochMetrics train(TrainingTask task, Trainer.Progress progress) {
    SplittableRandom random = new SplittableRandom(task.taskId().hashCode());
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    if (random.nextBoolean()) {
      LockSupport.parkNanos(random.nextLong(1, 400_000));
    }
    progress.epoch(1, 1, EpochMetrics.NONE);
    now.decrementAndGet();
    return EpochMetrics.NONE;
  }

  private Session session(Runner runner) {
    Hello hello = Hello.newBuilder().setWorkerId("w").setIncarnation("i").setSlots(SLOTS).build();
    SessionParts.Settings settings =
        new SessionParts.Settings(
            hello,
            Optional.empty(),
            new TaskTimeout(Duration.ofMinutes(5), false),
            Duration.ofSeconds(60));
    SessionParts.Ground ground =
        new SessionParts.Ground(
            System::nanoTime, InstantSource.system(), () -> 0, () -> new Usage(1, 2), loop);
    return new Session(new SessionParts(settings, slots, runner, orchestrator, facts, ground));
  }

  @Test
  void whatIsTakenAwayIsNotReportedWhatIsKeptIsReportedOnceAndNoSlotIsLost() throws Exception {
    try (Runner runner = new Runner(this::train, InstantSource.system(), List.of(facts))) {
      Session session = session(runner);
      var _ = loop.scheduleWithFixedDelay(session::tick, 0, 1, TimeUnit.MILLISECONDS);
      while (!loop.submit(() -> orchestrator.settled(SLOTS)).get()) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(loop.submit(orchestrator::faults).get()).isEmpty();
      assertThat(most.get()).isBetween(1, SLOTS);
      assertThat(facts.active()).isZero();
      assertThat(slots.free()).isZero(); // credit is out for each
    } finally {
      loop.shutdownNow();
    }
  }
}
