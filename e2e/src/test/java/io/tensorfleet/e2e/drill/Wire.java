package io.tensorfleet.e2e.drill;

import io.tensorfleet.proto.v1.Lease;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.OrchestratorMessage;
import io.tensorfleet.proto.v1.Verdict;
import io.tensorfleet.proto.v1.Welcome;
import io.tensorfleet.proto.v1.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns the messages of a Work stream into events. */
final class Wire {
  private Wire() {}

  static List<Event> said(Duration at, String worker, WorkerMessage message) {
    return switch (message.getMessageCase()) {
      case HELLO -> List.of(new Event.Connected(at, worker));
      case HEARTBEAT -> List.of(new Event.Beat(at, worker, tokens(message)));
      case PROGRESS ->
          message.getProgress().getEntriesList().stream()
              .<Event>map(
                  p -> new Event.Progressed(at, worker, token(p.getToken()), p.getEpochsDone()))
              .toList();
      case RESULTS ->
          message.getResults().getResultsList().stream()
              .<Event>map(
                  r ->
                      new Event.Reported(
                          at,
                          worker,
                          token(r.getToken()),
                          r.getOutcome().name().replace("OUTCOME_", "")))
              .toList();
      case RETURNING ->
          message.getReturning().getLeasesList().stream()
              .<Event>map(
                  r ->
                      new Event.Returned(
                          at,
                          worker,
                          token(r.getToken()),
                          r.getEpochsDone(),
                          !r.getCheckpoint().getUri().isEmpty()))
              .toList();
      case CREDIT, DRAINING, MESSAGE_NOT_SET -> List.of();
    };
  }

  static List<Event> heard(Duration at, String worker, OrchestratorMessage message) {
    return switch (message.getMessageCase()) {
      case WELCOME -> List.of(welcomed(at, worker, message.getWelcome()));
      case LEASES ->
          map(message.getLeases().getLeasesList().stream().map(l -> leased(at, worker, l)));
      case RENEWAL ->
          map(
              message.getRenewal().getLostList().stream()
                  .map(lost -> new Event.LeaseLost(at, worker, token(lost.getToken()))));
      case CANCEL ->
          List.of(new Event.CancelSent(at, worker, token(message.getCancel().getToken())));
      case VERDICTS ->
          map(message.getVerdicts().getVerdictsList().stream().map(v -> judged(at, worker, v)));
      case DRAIN, CORDONED, MESSAGE_NOT_SET -> List.of();
    };
  }

  private static List<Event> map(Stream<? extends Event> events) {
    return events.collect(Collectors.toUnmodifiableList());
  }

  private static Event welcomed(Duration at, String worker, Welcome welcome) {
    return new Event.Welcomed(
        at, worker, duration(welcome.getLease()), duration(welcome.getHeartbeatInterval()));
  }

  private static Event leased(Duration at, String worker, Lease lease) {
    return new Event.Leased(at, worker, token(lease.getToken()), lease.getResumeEpoch());
  }

  private static Event judged(Duration at, String worker, Verdict verdict) {
    return new Event.Judged(
        at, worker, token(verdict.getToken()), verdict.getKind() == Verdict.Kind.KIND_ACCEPTED);
  }

  private static java.util.Set<Event.Token> tokens(WorkerMessage message) {
    return message.getHeartbeat().getLeasesList().stream()
        .map(Wire::token)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Event.Token token(LeaseToken token) {
    return new Event.Token(token.getTaskId(), token.getAttempt(), token.getFence());
  }

  private static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }
}
