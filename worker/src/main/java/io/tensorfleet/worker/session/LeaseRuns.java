package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.CancelLease;
import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Lost;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.worker.core.Checkpoint;
import io.tensorfleet.worker.core.Epoch;
import io.tensorfleet.worker.core.EpochMetrics;
import io.tensorfleet.worker.core.LeaseBook;
import io.tensorfleet.worker.core.TaskTimeout;
import io.tensorfleet.worker.core.TrainingTask;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.engine.RunEnd;
import io.tensorfleet.worker.engine.RunEvents;
import io.tensorfleet.worker.engine.Runner;
import io.tensorfleet.worker.engine.Slots;
import io.tensorfleet.worker.engine.StopReason;
import io.tensorfleet.worker.log.TaskContext;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of leased tasks, kept in step with the book of leases. Used by the session's thread
 * alone.
 */
final class LeaseRuns {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRuns.class);

  private final LeaseBook book = new LeaseBook();
  private final Map<LeaseToken, Run> runs = new HashMap<>();
  private final ProgressBoard progress = new ProgressBoard();
  private final Runner runner;
  private final TaskTimeout timeout;
  private final Holds holds;
  private final Facts facts;
  private final Ended ended;

  /** Brings a run's end to the session's thread. */
  interface Ended {
    void ended(LeaseToken token, Run run, RunEnd end);
  }

  LeaseRuns(Runner runner, SessionParts.Settings settings, Facts facts, Ended ended) {
    this.runner = runner;
    this.timeout = settings.taskTimeout();
    this.holds = new Holds(settings.handBackAfter());
    this.facts = facts;
    this.ended = ended;
  }

  LeaseBook book() {
    return book;
  }

  ProgressBoard progress() {
    return progress;
  }

  int active() {
    return runs.size();
  }

  /** Whether a task runs here, by whatever lease. */
  boolean runs(String taskId) {
    return runs.keySet().stream().anyMatch(token -> token.getTaskId().equals(taskId));
  }

  /** Begins a lease in its slot, or hands it back where there is none. */
  void begin(Lease lease, Optional<Slots.Slot> slot, long now) {
    LeaseToken token = lease.getToken();
    if (book.supersedes(token)) {
      slot.ifPresent(Slots.Slot::close);
      return;
    }
    stopOlder(token);
    book.started(lease, now);
    if (slot.isEmpty()) {
      handBack(lease, "no slot is free on this worker");
      return;
    }
    start(lease, slot.get(), now);
  }

  private void start(Lease lease, Slots.Slot slot, long now) {
    LeaseToken token = lease.getToken();
    TrainingTask task = TrainingTask.of(lease);
    try (TaskContext _ = TaskContext.of(task)) {
      Duration longest = timeout.effective(runTimeout(lease));
      Run run = runner.start(task, slot, longest, events(token));
      runs.put(token, run);
      holds.began(token, run, now);
      LOG.debug("started");
    } catch (RuntimeException failure) {
      LOG.error("task {} could not be begun and is handed back", token.getTaskId(), failure);
      slot.close();
      handBack(lease, "it could not be begun: " + failure);
    }
  }

  private void handBack(Lease lease, String reason) {
    Messages.Reached reached =
        new Messages.Reached(lease.getResumeEpoch(), TrainingTask.of(lease).checkpoint());
    book.handedBack(Messages.returned(lease.getToken(), reason, reached));
  }

  private static Optional<Duration> runTimeout(Lease lease) {
    return lease.hasRunTimeout()
        ? Optional.of(
            Duration.ofSeconds(
                lease.getRunTimeout().getSeconds(), lease.getRunTimeout().getNanos()))
        : Optional.empty();
  }

  private void stopOlder(LeaseToken newer) {
    List.copyOf(runs.keySet()).stream()
        .filter(token -> token.getTaskId().equals(newer.getTaskId()))
        .filter(book::lost)
        .forEach(token -> stop(token, StopReason.LOST, "the task was leased anew"));
  }

  private RunEvents events(LeaseToken token) {
    return new RunEvents() {
      @Override
      public void progressed(Run run, int total, EpochMetrics metrics) {
        Epoch epoch = new Epoch(run.epochsDone(), total, metrics, run.checkpoint());
        progress.put(Messages.progress(token, epoch), epoch.checkpoint());
      }

      @Override
      public void ended(Run run, RunEnd end) {
        ended.ended(token, run, end);
      }
    };
  }

  /**
   * Takes note of a run's end; what is owed for it is then in the book. Returns progress not yet
   * sent.
   */
  Optional<Progress> finish(LeaseToken token, Run run, RunEnd end) {
    runs.remove(token, run);
    holds.ended(token, run);
    boolean owed =
        switch (end.stopReason().orElse(StopReason.CANCELLED)) {
          case LOST -> false;
          case RETURNED ->
              book.handedBack(
                  Messages.returned(
                      token,
                      Messages.error(end.how()),
                      new Messages.Reached(
                          end.epochsDone(), run.checkpoint().map(Checkpoint::ref))));
          case CANCELLED, TIMED_OUT -> book.ended(Messages.result(token, end));
        };
    Optional<Progress> last = progress.take(token);
    try (TaskContext _ = TaskContext.of(run.task())) {
      LOG.debug("ended: {} after {} epochs", end.statusLabel(), end.epochsDone());
    }
    return owed ? last : Optional.empty();
  }

  void welcomed(Collection<LeaseToken> kept, long now) {
    lose(book.welcomed(kept, now), "the orchestrator did not keep the lease");
  }

  void lost(Collection<Lost> losses) {
    for (Lost loss : losses) {
      if (book.lost(loss.getToken())) {
        lose(List.of(loss.getToken()), loss.getReason());
      }
    }
  }

  /** Stops what has run past its lease by this worker's own clock. */
  void expire(long now) {
    lose(book.expired(now), "the lease ran out without renewal");
  }

  private void lose(List<LeaseToken> tokens, String reason) {
    for (LeaseToken token : tokens) {
      facts.leaseLost();
      try (TaskContext _ = context(token)) {
        LOG.warn("lease lost: {}", reason);
      }
      stop(token, StopReason.LOST, reason);
    }
  }

  private TaskContext context(LeaseToken token) {
    Run run = runs.get(token);
    return run == null ? TaskContext.of(token) : TaskContext.of(run.task());
  }

  /** Hands back what has run here for as long as it may, and has just made a checkpoint. */
  void handBackLong(long now) {
    holds.due(now).forEach(token -> stop(token, StopReason.RETURNED, holds.reason()));
  }

  /** Whether the worker leaves what waits to others for a moment. */
  boolean rests(long now) {
    return holds.rests(now);
  }

  void cancel(CancelLease cancel) {
    stop(cancel.getToken(), StopReason.CANCELLED, "cancelled: " + cancel.getReason());
  }

  /** Cancels the run of a task, by whatever lease; false where it does not run here. */
  boolean cancel(String taskId, String reason) {
    List<LeaseToken> found =
        runs.keySet().stream().filter(token -> token.getTaskId().equals(taskId)).toList();
    found.forEach(token -> stop(token, StopReason.CANCELLED, reason));
    return !found.isEmpty();
  }

  void stopAll(StopReason reason, String detail) {
    List.copyOf(runs.keySet()).forEach(token -> stop(token, reason, detail));
  }

  private void stop(LeaseToken token, StopReason reason, String detail) {
    Run run = runs.get(token);
    if (run != null) {
      run.stop(reason, detail);
    }
  }
}
