package io.tensorfleet.worker.polling;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.AssignTaskRequest;
import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.worker.core.AskBook;
import io.tensorfleet.worker.engine.Slots;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for tasks, one call for each free slot; the slot is taken before. Used by the session's
 * thread alone.
 *
 * <p>A call is never broken off: the orchestrator may have taken a task from its queue for it.
 */
final class Asker {
  private static final Logger LOG = LoggerFactory.getLogger(Asker.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** Three times as long as the orchestrator waits for a task. */
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private final PollParts parts;
  private final Calls calls;
  private final Taker taker;
  private final AskBook book = new AskBook(PAUSE);
  private final Deque<Slots.Slot> held = new ArrayDeque<>();
  private Status.Code lastRefusal = Status.Code.OK;

  /** Gets the tasks. */
  interface Taker {
    /** False where the task is of no use: the slot is to wait before it asks again. */
    boolean take(AssignTaskResponse task, Optional<Slots.Slot> slot);

    /** An ask has come back and was dealt with. */
    void back();
  }

  Asker(PollParts parts, Calls calls, Taker taker) {
    this.parts = parts;
    this.calls = calls;
    this.taker = taker;
  }

  int outstanding() {
    return book.outstanding();
  }

  void ask(long now) {
    for (int due = book.due(parts.slots().free(), now); due > 0; due--) {
      Optional<Slots.Slot> slot = parts.slots().tryTake();
      if (slot.isEmpty()) {
        return;
      }
      held.add(slot.get());
      book.asked();
      calls.send(
          OrchestratorServiceGrpc.getAssignTaskMethod(),
          AssignTaskRequest.newBuilder().setWorkerId(parts.who().workerId()).build(),
          DEADLINE,
          this::replied);
    }
  }

  /** A slot for a task that came another way; what is asked for with it may have to wait. */
  Optional<Slots.Slot> lend() {
    return Optional.ofNullable(held.poll());
  }

  private void replied(Reply<AssignTaskResponse> reply) {
    book.back();
    switch (reply) {
      case Reply.Answer<AssignTaskResponse>(AssignTaskResponse task) -> {
        lastRefusal = Status.Code.OK;
        if (!taker.take(task, lend().or(parts.slots()::tryTake))) {
          book.pause(parts.ground().now());
        }
      }
      case Reply.Refusal<AssignTaskResponse>(Status status, boolean _) -> later(status);
    }
    taker.back();
  }

  private void later(Status status) {
    if (held.size() > book.outstanding()) {
      held.remove().close();
    }
    book.pause(parts.ground().now());
    boolean usual =
        status.getCode() == Status.Code.UNKNOWN || status.getCode() == Status.Code.UNAVAILABLE;
    if (!usual && status.getCode() != lastRefusal) {
      LOG.warn("AssignTask was refused ({}); each slot asks again after 5s", Sentences.of(status));
    }
    lastRefusal = status.getCode();
  }
}
