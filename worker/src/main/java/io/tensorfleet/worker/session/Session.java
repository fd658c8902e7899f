package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.HeartbeatRule;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.StopReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's side of the Work stream, over any number of connections.
 *
 * <p>Everything happens on one thread, the loop: stream events and runs' ends are posted to it, and
 * {@link #tick} comes there about each 50 ms.
 */
public final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final SessionParts parts;
  private final CreditDesk desk;
  private final LeaseRuns leases;
  private final Outbox outbox;
  private final Drainer drainer;
  private final Connection connection;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();

  public Session(SessionParts parts) {
    this.parts = parts;
    this.desk = new CreditDesk(parts.slots());
    this.leases =
        new LeaseRuns(
            parts.runner(),
            parts.settings().taskTimeout(),
            parts.facts(),
            (token, run, end) -> post(() -> ended(token, run, end)));
    this.outbox = new Outbox(parts.facts(), parts.ground(), leases, desk);
    this.drainer = new Drainer(parts.settings().drainTimeout());
    this.connection = new Connection(parts, this::hello, this::received, this::closed);
  }

  /** Comes when the worker has nothing left to do. */
  public CompletableFuture<Exit> exit() {
    return exit;
  }

  /** Begins to leave; a second call hastens. */
  public void drain(Exit cause) {
    post(() -> beginDrain(cause));
  }

  /** Begins to leave, unless it does already. */
  public void drainOnce(Exit cause) {
    post(() -> beginDrainOnce(cause));
  }

  /** A slot for a task that came by the earlier wire, or why there is none. */
  public CompletableFuture<Loan> borrowSlot(String taskId) {
    return CompletableFuture.supplyAsync(
        () -> Loan.of(drainer.state(), leases.runs(taskId), desk::borrow), parts.ground().loop());
  }

  /** Cancels a leased task that runs here; false where there is none. */
  public CompletableFuture<Boolean> cancel(String taskId, String reason) {
    return CompletableFuture.supplyAsync(
        () -> leases.cancel(taskId, reason), parts.ground().loop());
  }

  private void post(Runnable step) {
    parts.ground().loop().execute(step);
  }

  private long now() {
    return parts.ground().nanos().getAsLong();
  }

  /** Does whatever is due. On the loop only. */
  public void tick() {
    long now = now();
    leases.expire(now);
    advanceDrain(now);
    if (exit.isDone()) {
      return;
    }
    connection.tick(now);
    connection.welcomed().ifPresent(open -> outbox.serve(open, drainer.state(), now));
  }

  private Hello hello() {
    return parts.settings().hello().toBuilder().addAllHeld(leases.book().held()).build();
  }

  private void received(Link open, OrchestratorMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> welcome(open, message.getWelcome());
      case LEASES -> leased(open, message.getLeases());
      case RENEWAL -> {
        leases.book().renewed(message.getRenewal().getRenewedList(), now());
        leases.lost(message.getRenewal().getLostList());
      }
      case CANCEL -> leases.cancel(message.getCancel());
      case VERDICTS -> message.getVerdicts().getVerdictsList().forEach(this::settled);
      case DRAIN ->
          beginDrainOnce(
              new Exit(0, "the orchestrator asked it to leave: " + message.getDrain().getReason()));
      case CORDONED -> parts.facts().cordoned(message.getCordoned().getCordoned());
      case MESSAGE_NOT_SET ->
          LOG.debug("a message of a kind that this version does not know was passed over");
    }
  }

  private void welcome(Link open, Welcome welcome) {
    long now = now();
    outbox.beatEvery(heartbeatInterval(welcome), now);
    leases.welcomed(welcome.getKeptList(), now);
    parts.facts().cordoned(welcome.getCordoned());
    connection.welcome();
    LOG.info("connected to orchestrator {}", welcome.getOrchestratorId());
    if (drainer.state() != DrainState.RUNNING) {
      Outbox.draining(open, drainer.exit().sentence());
    }
    outbox.serve(open, drainer.state(), now);
  }

  private Duration heartbeatInterval(Welcome welcome) {
    HeartbeatRule.Choice choice =
        HeartbeatRule.choose(
            parts.settings().heartbeatInterval(),
            toDuration(welcome.getLease()),
            toDuration(welcome.getHeartbeatInterval()));
    choice.warning().ifPresent(LOG::warn);
    return choice.interval();
  }

  private static Duration toDuration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  private void leased(Link open, Leases message) {
    long now = now();
    message.getLeasesList().forEach(lease -> leases.begin(lease, desk.claim(), now));
    outbox.owed(open, now);
  }

  private void settled(Verdict verdict) {
    boolean owed = leases.book().settled(verdict.getToken());
    if (owed && verdict.getKind() == Verdict.Kind.KIND_STALE) {
      LOG.warn(
          "task {}: its result came too late: {}",
          verdict.getToken().getTaskId(),
          verdict.getReason());
    }
    advanceDrain(now());
  }

  private void ended(LeaseToken token, Run run, RunEnd end) {
    Optional<Progress> unsent = leases.finish(token, run, end);
    connection
        .welcomed()
        .ifPresent(
            open -> {
              unsent.ifPresent(progress -> Outbox.progress(open, List.of(progress)));
              outbox.owed(open, now());
              outbox.credit(open, drainer.state());
            });
    advanceDrain(now());
  }

  private void closed(Status status) {
    if (exit.isDone()) {
      return;
    }
    desk.revoke();
    if (drainer.state() == DrainState.LEAVING) {
      exit.complete(drainer.exit());
    } else if (status.getCode() == Status.Code.ALREADY_EXISTS) {
      superseded(status);
    } else {
      connection.retryLater(status);
    }
  }

  private void superseded(Status status) {
    leases.stopAll(StopReason.LOST, "another process took over this worker's name");
    String sentence =
        "a newer process has taken over the worker id %s (%s): give each worker a WORKER_ID of its own"
            .formatted(parts.settings().hello().getWorkerId(), status.getDescription());
    exit.complete(new Exit(1, sentence));
  }

  private void beginDrainOnce(Exit cause) {
    if (drainer.state() == DrainState.RUNNING) {
      beginDrain(cause);
    }
  }

  private void beginDrain(Exit cause) {
    drainer.ask(cause, now());
    parts.facts().draining(drainer.state());
    desk.revoke();
    connection.welcomed().ifPresent(open -> Outbox.draining(open, drainer.exit().sentence()));
    advanceDrain(now());
  }

  private void advanceDrain(long now) {
    int running = Math.max(leases.active(), parts.facts().active());
    DrainState before = drainer.state();
    DrainState state = drainer.advance(now, running, leases.book().unacknowledged());
    parts.facts().draining(state);
    if (state == DrainState.HANDING_BACK && before != state) {
      LOG.warn("the drain time is up: {} tasks are handed back", running);
      leases.stopAll(StopReason.RETURNED, "the worker drains");
    }
    if (state == DrainState.LEAVING) {
      leave(before, now);
    }
  }

  private void leave(DrainState before, long now) {
    Optional<Link> open = connection.welcomed();
    if (open.isEmpty() || drainer.leftLongAgo(now)) {
      exit.complete(drainer.exit());
    } else if (before != DrainState.LEAVING) {
      open.get().complete();
    }
  }
}
