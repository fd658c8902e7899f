package io.tensorfleet.worker.polling;

import io.grpc.Status;

/** What came of a call. */
public sealed interface Reply<A> {
  record Answer<A>(A message) implements Reply<A> {}

  /**
   * The call failed.
   *
   * @param broken whether there is no connection to the orchestrator any more
   */
  record Refusal<A>(Status status, boolean broken) implements Reply<A> {
    /** Whether the orchestrator itself said no, rather than nobody. */
    boolean spoken() {
      return switch (status.getCode()) {
        case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> false;
        default -> !broken;
      };
    }
  }
}
