package io.tensorfleet.orchestrator.session;

import io.tensorfleet.orchestrator.dispatch.Aftermath;
import io.tensorfleet.orchestrator.store.LeaseStore;
import io.tensorfleet.orchestrator.store.LeaseStore.Named;
import io.tensorfleet.orchestrator.store.ResultStore;
import io.tensorfleet.orchestrator.store.ResultStore.End;
import io.tensorfleet.orchestrator.store.WorkerStore;
import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Lost;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.Renewal;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Verdicts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes what sessions report and stores it in batches: ends of attempts, heartbeats, progress.
 * Adding never blocks.
 */
public final class Intake implements AutoCloseable {
  private static final String STALE =
      "the lease is not this worker's any more; nothing was changed";

  private record SessionEnd(Session session, End end) {}

  private record SessionBeat(Session session, Heartbeat beat) {}

  private record SessionProgress(Session session, Progress progress) {}

  /** The stores that it writes to. */
  public record Stores(ResultStore results, LeaseStore leases, WorkerStore workers) {}

  private final Stores stores;
  private final Aftermath aftermath;
  private final BatchWorker<SessionEnd> ends;
  private final BatchWorker<SessionBeat> beats;
  private final BatchWorker<SessionProgress> progress;

  public Intake(Stores stores, Aftermath aftermath) {
    this.stores = stores;
    this.aftermath = aftermath;
    this.ends = new BatchWorker<>("results", true, this::storeEnds);
    this.beats = new BatchWorker<>("heartbeats", false, this::storeBeats);
    this.progress = new BatchWorker<>("progress", false, this::storeProgress);
  }

  void end(Session session, End end) {
    ends.add(new SessionEnd(session, end));
  }

  void beat(Session session, Heartbeat beat) {
    beats.add(new SessionBeat(session, beat));
  }

  void progress(Session session, Progress one) {
    progress.add(new SessionProgress(session, one));
  }

  private void storeEnds(List<SessionEnd> batch) {
    ResultStore.Outcome outcome =
        stores.results().store(batch.stream().map(SessionEnd::end).toList());
    Map<Session, Verdicts.Builder> answers = new LinkedHashMap<>();
    for (SessionEnd one : batch) {
      answers
          .computeIfAbsent(one.session(), _ -> Verdicts.newBuilder())
          .addVerdicts(verdict(one.end().token(), outcome.accepted().contains(one.end())));
    }
    answers.forEach(Intake::answer);
    aftermath.of(outcome.applied());
  }

  private static void answer(Session session, Verdicts.Builder verdicts) {
    Set<LeaseToken> ended = new HashSet<>();
    verdicts.getVerdictsList().forEach(v -> ended.add(v.getToken()));
    session.forget(ended);
    session.send(OrchestratorMessage.newBuilder().setVerdicts(verdicts).build());
  }

  private static Verdict verdict(LeaseToken token, boolean accepted) {
    Verdict.Builder verdict = Verdict.newBuilder().setToken(token);
    return accepted
        ? verdict.setKind(Verdict.Kind.KIND_ACCEPTED).build()
        : verdict.setKind(Verdict.Kind.KIND_STALE).setReason(STALE).build();
  }

  /** Of two heartbeats of one session only the newer counts. */
  private void storeBeats(List<SessionBeat> batch) {
    Map<Session, Heartbeat> newest = new LinkedHashMap<>();
    batch.forEach(one -> newest.put(one.session(), one.beat()));
    List<Named> named = new ArrayList<>();
    List<WorkerStore.Beat> said = new ArrayList<>();
    newest.forEach(
        (session, beat) -> {
          beat.getLeasesList().forEach(token -> named.add(new Named(session.sessionNo(), token)));
          said.add(new WorkerStore.Beat(session.sessionNo(), session.streamNo(), beat));
        });
    Set<Named> renewed = named.isEmpty() ? Set.of() : stores.leases().renew(named);
    newest.forEach(
        (session, beat) -> session.send(renewal(session, beat.getLeasesList(), renewed)));
    stores.workers().beats(said);
  }

  private static OrchestratorMessage renewal(
      Session session, List<LeaseToken> tokens, Set<Named> renewed) {
    Renewal.Builder renewal = Renewal.newBuilder();
    Set<LeaseToken> lost = new HashSet<>();
    for (LeaseToken token : tokens) {
      if (renewed.contains(new Named(session.sessionNo(), token))) {
        renewal.addRenewed(token);
      } else if (lost.add(token)) {
        renewal.addLost(lost(token));
      }
    }
    session.forget(lost);
    return OrchestratorMessage.newBuilder().setRenewal(renewal).build();
  }

  private static Lost lost(LeaseToken token) {
    return Lost.newBuilder().setToken(token).setReason(STALE).build();
  }

  /** Of two reports of one lease the newer wins; what is under an old token is answered as lost. */
  private void storeProgress(List<SessionProgress> batch) {
    Map<LeaseToken, SessionProgress> newest = new LinkedHashMap<>();
    batch.forEach(one -> newest.merge(one.progress().getToken(), one, Intake::joined));
    Set<Progress> stored =
        stores.leases().progress(newest.values().stream().map(SessionProgress::progress).toList());
    Map<Session, Renewal.Builder> refused = new LinkedHashMap<>();
    for (SessionProgress one : newest.values()) {
      if (!stored.contains(one.progress())) {
        refused
            .computeIfAbsent(one.session(), _ -> Renewal.newBuilder())
            .addLost(lost(one.progress().getToken()));
      }
    }
    refused.forEach(
        (session, r) -> session.send(OrchestratorMessage.newBuilder().setRenewal(r).build()));
  }

  /** The newer one, with the log lines of both. */
  private static SessionProgress joined(SessionProgress older, SessionProgress newer) {
    Progress.Builder joined = newer.progress().toBuilder().clearLogLines();
    joined
        .addAllLogLines(older.progress().getLogLinesList())
        .addAllLogLines(newer.progress().getLogLinesList());
    if (!newer.progress().hasCheckpoint()) {
      joined.setCheckpoint(older.progress().getCheckpoint());
    }
    return new SessionProgress(newer.session(), joined.build());
  }

  @Override
  public void close() {
    ends.close();
    beats.close();
    progress.close();
  }
}
