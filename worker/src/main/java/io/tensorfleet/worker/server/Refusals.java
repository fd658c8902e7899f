package io.tensorfleet.worker.server;

import io.grpc.Status;
import io.tensorfleet.worker.session.Loan;

/** What callers of the earlier wire are told when their task is not run. */
final class Refusals {
  static final String DRAINS = "the worker drains: call another one";

  /** A status travels in headers, of which callers commonly take 8 KiB, percent-encoded. */
  private static final int MAX_CHARACTERS = 800;

  private Refusals() {}

  static Status status(Status code, String sentence) {
    int end = Math.min(sentence.length(), MAX_CHARACTERS);
    return code.withDescription(
        end == sentence.length() ? sentence : sentence.substring(0, end) + "…");
  }

  static Status runsAlready(String id) {
    return status(
        Status.ALREADY_EXISTS,
        "the task %s runs here already: wait for it, or cancel it".formatted(id));
  }

  static Status of(Loan.Refused refused, String id) {
    return switch (refused.reason()) {
      case NONE_FREE ->
          status(
              Status.RESOURCE_EXHAUSTED,
              "no slot is free for the task %s: try again later".formatted(id));
      case DRAINING -> status(Status.UNAVAILABLE, DRAINS);
      case LEASED -> runsAlready(id);
    };
  }
}
