package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.Set;

/**
 * Something that happened in a drill and was seen from outside of the program under test: on the
 * wire, at the process, or in the answers that any user gets.
 */
public sealed interface Event {
  /** Since the drill began. */
  Duration at();

  /** A lease of a task; the fence tells one from the next. */
  record Token(String task, int attempt, long fence) {}

  /** A task was acknowledged by the queue. */
  record Submitted(Duration at, String task) implements Event {}

  /** The worker's hello went by. */
  record Connected(Duration at, String worker) implements Event {}

  /** The orchestrator's welcome went by. */
  record Welcomed(Duration at, String worker, Duration lease, Duration heartbeatInterval)
      implements Event {}

  /** The worker's stream was gone. */
  record Disconnected(Duration at, String worker) implements Event {}

  /** A lease went to a worker, to resume at that epoch. */
  record Leased(Duration at, String worker, Token token, int resumeEpoch) implements Event {}

  /** A heartbeat went by, naming what the worker holds. */
  record Beat(Duration at, String worker, Set<Token> held) implements Event {
    public Beat {
      held = Set.copyOf(held);
    }
  }

  /** The worker told progress. */
  record Progressed(Duration at, String worker, Token token, int epochsDone) implements Event {}

  /** The worker told a task's end; the outcome in the wire's own word without its prefix. */
  record Reported(Duration at, String worker, Token token, String outcome) implements Event {}

  /** The worker handed a lease back. */
  record Returned(Duration at, String worker, Token token, int epochsDone, boolean checkpoint)
      implements Event {}

  /** The orchestrator's word on an end or a hand-back. */
  record Judged(Duration at, String worker, Token token, boolean accepted) implements Event {}

  /** The orchestrator told the worker that a lease is not its own any more. */
  record LeaseLost(Duration at, String worker, Token token) implements Event {}

  /** The orchestrator asked the worker to stop a task. */
  record CancelSent(Duration at, String worker, Token token) implements Event {}

  /** Someone asked the queue to cancel a task's job. */
  record CancelAsked(Duration at, String task) implements Event {}

  /** A signal was sent to the worker's process. */
  record Signalled(Duration at, String worker, String signal) implements Event {}

  /** The worker's process was gone. */
  record Exited(Duration at, String worker, int status) implements Event {}

  /** A log line of a task, as the queue keeps it, at the time that the queue gave it. */
  record Logged(Duration at, String task, int attempt) implements Event {}

  /** What the queue says of a task when all is over. */
  record Ended(Duration at, String task, String state, int attempts) implements Event {}

  /** A Pod was seen for the first time, by the kubelet of a stage. */
  record PodMade(Duration at, String pod, String uid) implements Event {}

  /** A Pod was ready, and its worker connected. */
  record PodReady(Duration at, String pod, String uid) implements Event {}

  /** A Pod was asked to leave while its worker held so many tasks. */
  record PodLeaving(Duration at, String pod, String uid, int held) implements Event {}

  /** A Pod was gone. */
  record PodGone(Duration at, String pod, String uid) implements Event {}

  /** A worker of a stage took a task; the incarnation is its Pod's UID. */
  record Taken(Duration at, String worker, String incarnation, String task) implements Event {}

  /** A worker of a stage had done a task. */
  record Done(Duration at, String worker, String incarnation, String task) implements Event {}

  /** A worker of a stage was gone before it had done a task, which waits anew. */
  record Lost(Duration at, String worker, String incarnation, String task) implements Event {}

  /** A stage was asked to cordon a worker; the outcome in the wire's own word. */
  record Cordoned(Duration at, String worker, String incarnation, String outcome)
      implements Event {}

  /** A stage was asked to uncordon a worker. */
  record Uncordoned(Duration at, String worker, boolean known) implements Event {}

  /** The API server was asked for something, as its audit log says. */
  record Asked(Duration at, Audit.Request request) implements Event {}

  /** Something that a drill of one kind alone looks at. */
  record Noted(Duration at, String what, String subject, long value) implements Event {}
}
