package io.tensorfleet.worker.polling;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.proto.orchestrator.HeartbeatResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.orchestrator.RegisterWorkerRequest;
import io.tensorfleet.proto.orchestrator.RegisterWorkerResponse;
import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.core.PollBook;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Registers, and sends heartbeats where that was answered. Used by the session's thread alone. */
final class Registrar {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration LEAST_BEAT = Duration.ofMillis(10);

  private final PollParts parts;
  private final Calls calls;
  private final Host host;
  private final Consumer<PollBook.Held> lost;
  private boolean registered;
  private boolean beating;
  private long every;
  private long nextAt;

  Registrar(PollParts parts, Calls calls, Host host, Consumer<PollBook.Held> lost) {
    this.parts = parts;
    this.calls = calls;
    this.host = host;
    this.lost = lost;
  }

  /** Asks once; {@code then} hears in words what came of it, or nothing where nobody is there. */
  void register(Consumer<String> then) {
    registered = false;
    calls.send(
        OrchestratorServiceGrpc.getRegisterWorkerMethod(),
        RegisterWorkerRequest.newBuilder()
            .setWorkerId(parts.who().workerId())
            .setCapabilities(parts.who().capabilities())
            .build(),
        DEADLINE,
        reply -> registered(reply, then));
  }

  private void registered(Reply<RegisterWorkerResponse> reply, Consumer<String> then) {
    switch (reply) {
      case Reply.Answer<RegisterWorkerResponse>(RegisterWorkerResponse answer) -> {
        registered = answer.getRegistered();
        Duration interval = interval(answer.getHeartbeatIntervalMs());
        every = interval.toNanos();
        nextAt = parts.ground().now();
        then.accept(
            registered
                ? "answered, a heartbeat each " + GoDuration.format(interval)
                : "refused: " + answer.getMessage());
      }
      case Reply.Refusal<RegisterWorkerResponse>(Status status, boolean broken) -> {
        if (!broken) {
          then.accept(Sentences.of(status));
        }
      }
    }
  }

  /** The shorter of what the orchestrator asks for and what this worker is set to. */
  private Duration interval(long askedMillis) {
    Duration own = parts.who().heartbeatInterval();
    Duration asked = askedMillis > 0 ? Duration.ofMillis(askedMillis) : own;
    Duration shorter = asked.compareTo(own) < 0 ? asked : own;
    return shorter.compareTo(LEAST_BEAT) < 0 ? LEAST_BEAT : shorter;
  }

  void beat(List<PollBook.Held> running, long now) {
    if (!registered || beating || now - nextAt < 0) {
      return;
    }
    nextAt = now + every;
    beating = true;
    HeartbeatRequest.Builder beat = host.heartbeat().setWorkerId(parts.who().workerId());
    running.forEach(held -> beat.addTaskIds(held.taskId()));
    calls.send(
        OrchestratorServiceGrpc.getHeartbeatMethod(),
        beat.build(),
        DEADLINE,
        reply -> beaten(running, reply));
  }

  private void beaten(List<PollBook.Held> named, Reply<HeartbeatResponse> reply) {
    beating = false;
    switch (reply) {
      case Reply.Answer<HeartbeatResponse>(HeartbeatResponse answer) -> {
        Set<String> gone = Set.copyOf(answer.getLostTaskIdsList());
        named.stream().filter(held -> gone.contains(held.taskId())).forEach(lost);
      }
      case Reply.Refusal<HeartbeatResponse>(Status _, boolean _) -> host.heartbeatFailed();
    }
  }
}
