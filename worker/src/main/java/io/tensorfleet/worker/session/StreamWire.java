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
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.log.TaskContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's side of the Work stream, over any number of connections. */
final class StreamWire {
  private static final Logger LOG = LoggerFactory.getLogger(StreamWire.class);

  private final SessionParts parts;
  private final Drainer drainer;
  private final Host host;
  private final CreditDesk desk;
  private final LeaseRuns leases;
  private final Outbox outbox;
  private final Connection connection;

  /** The session that the stream is a part of. */
  interface Host {
    /** Credit may be granted, leases come. */
    void welcomed();

    /** The orchestrator asks the worker to leave. */
    void leave(Exit cause);

    /** A task has ended, or is not owed for any more. */
    void changed();

    /** The stream is gone. */
    void closed(Status status);
  }

  StreamWire(SessionParts parts, Drainer drainer, Host host) {
    this.parts = parts;
    this.drainer = drainer;
    this.host = host;
    this.desk = new CreditDesk(parts.slots());
    this.leases =
        new LeaseRuns(
            parts.runner(),
            parts.settings(),
            parts.facts(),
            (token, run, end) -> parts.ground().loop().execute(() -> ended(token, run, end)));
    this.outbox = new Outbox(parts.facts(), parts.ground(), leases, desk);
    this.connection = new Connection(parts, this::hello, this::received, this::closed);
  }

  Optional<Link> open() {
    return connection.welcomed();
  }

  /** Connects where there is no stream, and sends what is due where there is one. */
  void tick(long now) {
    connection.tick(now);
    open()
        .ifPresent(
            open -> {
              leases.handBackLong(now);
              outbox.serve(open, drainer.state(), now);
            });
  }

  /** Stops what has run past its lease. */
  void expire(long now) {
    leases.expire(now);
  }

  boolean runs(String taskId) {
    return leases.runs(taskId);
  }

  boolean cancel(String taskId, String reason) {
    return leases.cancel(taskId, reason);
  }

  void stopAll(StopReason reason, String detail) {
    leases.stopAll(reason, detail);
  }

  /** A slot for a task that came another way. */
  Optional<Slots.Slot> lend() {
    return desk.borrow();
  }

  int running() {
    return leases.active();
  }

  int unacknowledged() {
    return leases.book().unacknowledged();
  }

  /** Grants no more credit, and says why. */
  void drain() {
    desk.revoke();
    open().ifPresent(open -> Outbox.draining(open, drainer.exit().sentence()));
  }

  void complete() {
    open().ifPresent(Link::complete);
  }

  void retryLater(Status status) {
    connection.retryLater(status);
  }

  /** Another wire is in use now. */
  void rest() {
    connection.earlier();
  }

  /** Whether the stream that is gone was welcomed once. */
  boolean wasWelcomed() {
    return connection.wasWelcomed();
  }

  private long now() {
    return parts.ground().nanos().getAsLong();
  }

  private Hello hello() {
    return parts.settings().hello().toBuilder().addAllHeld(leases.book().held()).build();
  }

  private void received(Link open, OrchestratorMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> welcome(open, message.getWelcome());
      case LEASES -> leased(open, message.getLeases());
      case RENEWAL -> {
        parts.facts().heartbeatAnswered();
        leases.book().renewed(message.getRenewal().getRenewedList(), now());
        leases.lost(message.getRenewal().getLostList());
      }
      case CANCEL -> leases.cancel(message.getCancel());
      case VERDICTS -> message.getVerdicts().getVerdictsList().forEach(this::settled);
      case DRAIN ->
          host.leave(
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
    host.welcomed();
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
      try (TaskContext _ = TaskContext.of(verdict.getToken())) {
        LOG.warn("its result came too late: {}", verdict.getReason());
      }
    }
    host.changed();
  }

  private void ended(LeaseToken token, Run run, RunEnd end) {
    Optional<Progress> unsent = leases.finish(token, run, end);
    open()
        .ifPresent(
            open -> {
              unsent.ifPresent(progress -> Outbox.progress(open, List.of(progress)));
              outbox.owed(open, now());
              outbox.credit(open, drainer.state());
            });
    host.changed();
  }

  private void closed(Status status) {
    desk.revoke();
    host.closed(status);
  }
}
