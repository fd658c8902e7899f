package io.tensorfleet.worker.bench;

import io.grpc.MethodDescriptor;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.TaskSpec;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.Usage;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.polling.Reply;
import io.tensorfleet.worker.session.Connector;
import io.tensorfleet.worker.session.Facts;
import io.tensorfleet.worker.session.Link;
import io.tensorfleet.worker.session.LinkEvents;
import io.tensorfleet.worker.session.Session;
import io.tensorfleet.worker.session.SessionParts;
import io.tensorfleet.worker.trainer.Trainer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A session with one slot and an orchestrator in the same process. */
final class SessionBench implements AutoCloseable {
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final Orchestrator orchestrator = new Orchestrator();
  private final Runner runner;

  SessionBench(Trainer trainer) {
    Facts facts = new Facts(Instant.now());
    runner = new Runner(trainer, InstantSource.system(), List.of(facts));
    SessionParts.Settings settings =
        new SessionParts.Settings(
            Hello.newBuilder().setWorkerId("w").setIncarnation("i").setSlots(1).build(),
            Optional.empty(),
            new TaskTimeout(Duration.ofMinutes(5), false),
            Duration.ofSeconds(1));
    SessionParts.Ground ground =
        new SessionParts.Ground(
            System::nanoTime, InstantSource.system(), () -> 0, () -> new Usage(0, 0), loop);
    Session session =
        new Session(new SessionParts(settings, new Slots(1), runner, orchestrator, facts, ground));
    var _ = loop.scheduleWithFixedDelay(session::tick, 0, 50, TimeUnit.MILLISECONDS);
  }

  void leaseAndAwaitResult() throws InterruptedException {
    orchestrator.credit.acquire();
    orchestrator.lease();
    orchestrator.results.acquire();
  }

  @Override
  public void close() {
    loop.shutdownNow();
    runner.close();
  }

  /** Accepts every result at once. */
  private static final class Orchestrator implements Connector, Link {
    private final Semaphore credit = new Semaphore(0);
    private final Semaphore results = new Semaphore(0);
    private volatile Optional<LinkEvents> worker = Optional.empty();
    private long leased;

    @Override
    public Link open(LinkEvents events) {
      worker = Optional.of(events);
      return this;
    }

    private void answer(OrchestratorMessage.Builder message) {
      worker.orElseThrow().message(message.build());
    }

    void lease() {
      LeaseToken token =
          LeaseToken.newBuilder().setTaskId("t" + leased++).setAttempt(1).setFence(1).build();
      Lease lease =
          Lease.newBuilder()
              .setToken(token)
              .setTask(TaskSpec.newBuilder().setModelType("xgboost"))
              .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(60))
              .build();
      answer(OrchestratorMessage.newBuilder().setLeases(Leases.newBuilder().addLeases(lease)));
    }

    @Override
    public void send(WorkerMessage message) {
      if (message.hasHello()) {
        answer(OrchestratorMessage.newBuilder().setWelcome(welcome()));
      } else if (message.hasCredit()) {
        credit.release(message.getCredit().getSlots());
      } else if (message.hasResults()) {
        message.getResults().getResultsList().forEach(result -> accept(result.getToken()));
      }
    }

    private static Welcome welcome() {
      return Welcome.newBuilder()
          .setLease(com.google.protobuf.Duration.newBuilder().setSeconds(60))
          .setHeartbeatInterval(com.google.protobuf.Duration.newBuilder().setSeconds(20))
          .build();
    }

    private void accept(LeaseToken token) {
      Verdict verdict =
          Verdict.newBuilder().setToken(token).setKind(Verdict.Kind.KIND_ACCEPTED).build();
      answer(
          OrchestratorMessage.newBuilder().setVerdicts(Verdicts.newBuilder().addVerdicts(verdict)));
      results.release();
    }

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void complete() {}

    @Override
    public void abandon(String why) {}

    @Override
    public <Q, A> void call(
        MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply) {
      throw new UnsupportedOperationException("the new wire makes no calls");
    }

    @Override
    public void close() {}
  }
}
