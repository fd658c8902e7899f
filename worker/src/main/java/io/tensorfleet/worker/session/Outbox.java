package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.Credit;
import io.tensorfleet.proto.v1.Draining;
import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.ProgressReport;
import io.tensorfleet.proto.v1.Result;
import io.tensorfleet.proto.v1.ResultReport;
import io.tensorfleet.proto.v1.ReturnedLease;
import io.tensorfleet.proto.v1.Returning;
import io.tensorfleet.proto.v1.WorkerMessage;
import io.tensorfleet.worker.core.DrainState;
import io.tensorfleet.worker.core.LeaseBook;
import io.tensorfleet.worker.core.Usage;
import java.time.Duration;
import java.util.List;

/** Sends what is due on a welcomed stream. Used by the session's thread alone. */
final class Outbox {
  private static final long VERDICT_PATIENCE = Duration.ofSeconds(5).toNanos();
  private static final long FLUSH_EVERY = Duration.ofMillis(200).toNanos();
  private static final long LEAST_BEAT = Duration.ofMillis(10).toNanos();
  private static final int MAX_UNACKNOWLEDGED = 4096;

  /** So many results of the largest size stay well below the 4 MiB of one message. */
  private static final int MAX_BATCH = 500;

  private final Facts facts;
  private final SessionParts.Ground ground;
  private final LeaseRuns leases;
  private final CreditDesk desk;
  private long heartbeatEvery;
  private long nextHeartbeatAt;
  private long nextFlushAt;

  Outbox(Facts facts, SessionParts.Ground ground, LeaseRuns leases, CreditDesk desk) {
    this.facts = facts;
    this.ground = ground;
    this.leases = leases;
    this.desk = desk;
    this.nextFlushAt = ground.nanos().getAsLong();
  }

  void beatEvery(Duration interval, long now) {
    heartbeatEvery = Math.max(LEAST_BEAT, interval.toNanos());
    nextHeartbeatAt = now + heartbeatEvery;
  }

  void serve(Link open, DrainState state, long now) {
    if (now - nextHeartbeatAt >= 0) {
      nextHeartbeatAt = now + heartbeatEvery;
      heartbeat(open);
    }
    if (now - nextFlushAt >= 0 && open.ready()) {
      nextFlushAt = now + FLUSH_EVERY;
      flush(open);
    }
    owed(open, now);
    credit(open, state);
  }

  /** Grants credit for every slot that is free. */
  void credit(Link open, DrainState state) {
    if (state == DrainState.RUNNING
        && leases.book().unacknowledged() < MAX_UNACKNOWLEDGED
        && !leases.rests(ground.nanos().getAsLong())) {
      int credit = desk.topUp();
      if (credit > 0) {
        open.send(
            WorkerMessage.newBuilder().setCredit(Credit.newBuilder().setSlots(credit)).build());
      }
    }
  }

  /** Results and returned leases; none while what was sent piles up. */
  void owed(Link open, long now) {
    if (!open.ready()) {
      return;
    }
    LeaseBook.Due due = leases.book().takeDue(now, VERDICT_PATIENCE);
    for (int from = 0; from < due.results().size(); from += MAX_BATCH) {
      List<Result> batch =
          due.results().subList(from, Math.min(from + MAX_BATCH, due.results().size()));
      ResultReport report = ResultReport.newBuilder().addAllResults(batch).build();
      open.send(WorkerMessage.newBuilder().setResults(report).build());
    }
    for (int from = 0; from < due.returns().size(); from += MAX_BATCH) {
      List<ReturnedLease> batch =
          due.returns().subList(from, Math.min(from + MAX_BATCH, due.returns().size()));
      Returning returning = Returning.newBuilder().addAllLeases(batch).build();
      open.send(WorkerMessage.newBuilder().setReturning(returning).build());
    }
  }

  private void flush(Link open) {
    for (List<Progress> batch = leases.progress().takeBatch();
        !batch.isEmpty();
        batch = leases.progress().takeBatch()) {
      progress(open, batch);
    }
  }

  static void progress(Link open, List<Progress> entries) {
    ProgressReport report = ProgressReport.newBuilder().addAllEntries(entries).build();
    open.send(WorkerMessage.newBuilder().setProgress(report).build());
  }

  static void draining(Link open, String reason) {
    open.send(
        WorkerMessage.newBuilder().setDraining(Draining.newBuilder().setReason(reason)).build());
  }

  private void heartbeat(Link open) {
    Usage usage = ground.usage().get();
    Duration uptime = Duration.between(facts.startedAt(), ground.wall().instant());
    Heartbeat beat =
        Heartbeat.newBuilder()
            .addAllLeases(leases.book().held())
            .setCpuPercent(usage.cpuPercent())
            .setMemoryBytes(usage.memoryBytes())
            .setGpuPercent(usage.gpuPercent())
            .setGpuMemoryBytes(usage.gpuMemoryBytes())
            .setUptimeSeconds(uptime.toSeconds())
            .build();
    open.send(WorkerMessage.newBuilder().setHeartbeat(beat).build());
    facts.heartbeatSent(ground.wall().instant());
    facts.awaitsAnswer();
  }
}
