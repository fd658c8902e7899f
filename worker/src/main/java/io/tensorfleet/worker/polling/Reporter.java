package io.tensorfleet.worker.polling;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.proto.orchestrator.TaskCompletionResponse;
import io.tensorfleet.worker.core.PollBook;
import io.tensorfleet.worker.log.TaskContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports completions until they are acknowledged; one that the orchestrator says it will not have
 * is given up after {@value PollBook#MAX_REFUSALS} tries. Used by the session's thread alone.
 */
final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int MAX_OPEN = 64;

  private final PollParts parts;
  private final Calls calls;
  private final PollBook book;
  private final Runnable settled;

  Reporter(PollParts parts, Calls calls, PollBook book, Runnable settled) {
    this.parts = parts;
    this.calls = calls;
    this.book = book;
    this.settled = settled;
  }

  void send(long now) {
    for (PollBook.Report report : book.takeDue(now, MAX_OPEN)) {
      calls.send(
          OrchestratorServiceGrpc.getReportTaskCompletionMethod(),
          report.request(),
          DEADLINE,
          reply -> replied(report, reply));
    }
  }

  private void replied(PollBook.Report report, Reply<TaskCompletionResponse> reply) {
    switch (reply) {
      case Reply.Answer<TaskCompletionResponse>(TaskCompletionResponse answer) -> {
        if (answer.getAcknowledged()) {
          book.acknowledged(report);
        } else {
          refused(report, answer.getMessage());
        }
      }
      case Reply.Refusal<TaskCompletionResponse>(Status status, boolean _) -> {
        if (isFinal(status)) {
          refused(report, Sentences.of(status));
        } else {
          LOG.debug("the completion of {} waits: {}", report.held(), Sentences.of(status));
          book.failed(report, parts.ground().now(), parts.ground().random().getAsDouble());
        }
      }
    }
    settled.run();
  }

  private static boolean isFinal(Status status) {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED ->
          true;
      default -> false;
    };
  }

  private void refused(PollBook.Report report, String why) {
    if (book.refused(report, parts.ground().now(), parts.ground().random().getAsDouble())) {
      try (TaskContext _ = TaskContext.of(report.held().taskId(), report.held().jobId())) {
        LOG.warn("the orchestrator does not take its completion ({}); it is given up", why);
      }
    }
  }
}
