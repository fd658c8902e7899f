package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Leases;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.core.Backoff;
import io.tensorfleet.worker.core.ConnectionState;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.core.HeartbeatRule;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
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
  private static final long WELCOME_PATIENCE = Duration.ofSeconds(10).toNanos();

  private final SessionParts parts;
  private final CreditDesk desk;
  private final LeaseRuns leases;
  private final Outbox outbox;
  private final Drainer drainer;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();

  private int generation;
  private @Nullable Link link;
  private boolean welcomed;
  private int failures;
  private long openedAt;
  private long nextConnectAt;

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
    this.nextConnectAt = now();
  }

  /** Comes when the worker has nothing left to do. */
  public CompletableFuture<Exit> exit() {
    return exit;
  }

  /** Begins to leave; a second call hastens. */
  public void drain(Exit cause) {
    post(() -> beginDrain(cause));
  }

  /**
   * A slot for a task that came by the earlier wire; empty where none is free or the worker leaves.
   */
  public CompletableFuture<Optional<Slots.Slot>> borrowSlot() {
    return CompletableFuture.supplyAsync(
        () -> drainer.state() == DrainState.RUNNING ? desk.borrow() : Optional.empty(),
        parts.ground().loop());
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
    if (link == null && now - nextConnectAt >= 0) {
      connect(now);
    } else if (link != null && !welcomed && now - openedAt > WELCOME_PATIENCE) {
      link.abandon("no welcome came");
      closed(generation, Status.UNAVAILABLE.withDescription("no welcome came within 10s"));
    } else if (link != null && welcomed) {
      outbox.serve(link, drainer.state(), now);
    }
  }

  private void connect(long now) {
    generation++;
    openedAt = now;
    welcomed = false;
    parts.facts().connecting();
    try {
      Link opened = parts.connector().open(new Events(generation));
      link = opened;
      Hello hello = parts.settings().hello().toBuilder().addAllHeld(leases.book().held()).build();
      opened.send(WorkerMessage.newBuilder().setHello(hello).build());
    } catch (RuntimeException failure) {
      closed(generation, Status.fromThrowable(failure));
    }
  }

  private final class Events implements LinkEvents {
    private final int own;

    Events(int own) {
      this.own = own;
    }

    @Override
    public void message(OrchestratorMessage message) {
      post(() -> received(own, message));
    }

    @Override
    public void closed(Status status) {
      post(() -> Session.this.closed(own, status));
    }
  }

  private void received(int from, OrchestratorMessage message) {
    Link open = link;
    if (from != generation || open == null) {
      return;
    }
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
    welcomed = true;
    failures = 0;
    outbox.beatEvery(heartbeatInterval(welcome), now);
    leases.welcomed(welcome.getKeptList(), now);
    parts.facts().cordoned(welcome.getCordoned());
    parts.facts().connected();
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
    Link open = link;
    if (open != null && welcomed) {
      unsent.ifPresent(progress -> Outbox.progress(open, List.of(progress)));
      outbox.owed(open, now());
      outbox.credit(open, drainer.state());
    }
    advanceDrain(now());
  }

  private void closed(int from, Status status) {
    if (from != generation || exit.isDone()) {
      return;
    }
    link = null;
    generation++; // nothing more is heard of this stream
    desk.revoke();
    if (drainer.state() == DrainState.LEAVING) {
      exit.complete(drainer.exit());
      return;
    }
    if (status.getCode() == Status.Code.ALREADY_EXISTS) {
      superseded(status);
      return;
    }
    retryLater(status);
  }

  private void retryLater(Status status) {
    boolean wasConnected = parts.facts().connection() == ConnectionState.CONNECTED;
    failures++;
    Duration delay = Backoff.delay(failures, parts.ground().random().getAsDouble());
    nextConnectAt = now() + delay.toNanos();
    String error = Messages.sentence(status);
    parts.facts().disconnected(parts.ground().wall().instant(), error);
    if (wasConnected || failures == 1 || failures % 20 == 0) {
      LOG.warn(
          "no orchestrator ({}); try {} follows in {}",
          error,
          failures + 1,
          GoDuration.format(delay));
    }
    welcomed = false;
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
    if (link != null && welcomed) {
      Outbox.draining(link, drainer.exit().sentence());
    }
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
    if (link == null || !welcomed || drainer.leftLongAgo(now)) {
      exit.complete(drainer.exit());
    } else if (before != DrainState.LEAVING) {
      link.complete();
    }
  }
}
