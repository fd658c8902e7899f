package io.tensorfleet.orchestrator.session;

import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.dispatch.Aftermath;
import io.tensorfleet.orchestrator.store.DatabaseException;
import io.tensorfleet.orchestrator.store.HeldLeases;
import io.tensorfleet.orchestrator.store.HeldLeases.Kept;
import io.tensorfleet.orchestrator.store.WorkerStore;
import io.tensorfleet.orchestrator.store.WorkerStore.Joined;
import io.tensorfleet.orchestrator.watch.ChangeHub;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Welcome;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets workers in and sees them out. Blocking: runs on threads of its own, never on an event loop.
 */
public final class Doorkeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
  private final WorkerStore workers;
  private final HeldLeases leases;
  private final Registry registry;
  private final Aftermath aftermath;
  private final ChangeHub hub;
  private final Terms terms;

  /** What a welcome tells. */
  public record Terms(String orchestratorId, Duration lease, Duration heartbeat) {}

  /** Where sessions, and the leases that they hold, are written down. */
  public record Books(WorkerStore workers, HeldLeases leases) {}

  public Doorkeeper(
      Books books, Registry registry, Aftermath aftermath, ChangeHub hub, Terms terms) {
    this.workers = books.workers();
    this.leases = books.leases();
    this.registry = registry;
    this.aftermath = aftermath;
    this.hub = hub;
    this.terms = terms;
  }

  /** Takes a worker in and welcomes it; or ends the stream with the reason and gives nothing. */
  Optional<Session> join(Hello hello, StreamObserver<OrchestratorMessage> out) {
    try {
      Optional<Joined> joined = workers.join(hello, false);
      if (joined.isEmpty()) {
        String newer = "a newer process of worker '" + hello.getWorkerId() + "' took over";
        out.onError(Status.ALREADY_EXISTS.withDescription(newer).asRuntimeException());
        return Optional.empty();
      }
      return Optional.of(welcome(hello, joined.get(), out));
    } catch (DatabaseException e) {
      LOG.warn(
          "Worker {} was not let in: the database is away: {}",
          hello.getWorkerId(),
          e.getMessage());
      out.onError(
          Status.UNAVAILABLE
              .withDescription("the queue's database does not answer: connect again")
              .asRuntimeException());
      return Optional.empty();
    }
  }

  private Session welcome(Hello hello, Joined joined, StreamObserver<OrchestratorMessage> out) {
    if (joined.replaced().isPresent()) {
      String why = "a newer process of worker " + hello.getWorkerId() + " took its place";
      aftermath.of(leases.release(joined.replaced().get(), new TaskEvent.WorkerDied(why)));
      registry
          .session(joined.replaced().get())
          .ifPresent(s -> s.end(Status.ALREADY_EXISTS.withDescription(why)));
    }
    Kept kept = leases.keep(joined.sessionNo(), hello.getHeldList(), terms.lease());
    Session session = new Session(hello, joined, terms.lease(), out);
    session.adopt(kept.tokens());
    session.send(OrchestratorMessage.newBuilder().setWelcome(welcome(joined, kept)).build());
    registry.add(session);
    aftermath.of(kept.released());
    hub.changed(session.queues());
    LOG.info("Worker {} joined with {} slots", hello.getWorkerId(), hello.getSlots());
    return session;
  }

  private Welcome welcome(Joined joined, Kept kept) {
    return Welcome.newBuilder()
        .setLease(Durations.fromMillis(terms.lease().toMillis()))
        .setHeartbeatInterval(Durations.fromMillis(terms.heartbeat().toMillis()))
        .addAllKept(kept.tokens().keySet())
        .setOrchestratorId(terms.orchestratorId())
        .setCordoned(joined.cordoned())
        .build();
  }

  /** The worker's stream is gone; its leases live on for the reconnect window. */
  void leave(Session session) {
    session.gone();
    registry.remove(session);
    try {
      workers.left(session.sessionNo(), session.streamNo());
      hub.changed(session.queues());
      LOG.info("The stream of worker {} ended", session.workerId());
    } catch (DatabaseException e) {
      LOG.warn(
          "The end of worker {}'s stream will show at its lease's end: {}",
          session.workerId(),
          e.getMessage());
    }
  }

  void drain(Session session) {
    session.drain();
    try {
      workers.draining(session.sessionNo());
      hub.changed(session.queues());
    } catch (DatabaseException e) {
      LOG.warn(
          "Worker {} drains, but others cannot see it: {}", session.workerId(), e.getMessage());
    }
  }
}
