package io.tensorfleet.worker.polling;

import io.tensorfleet.proto.orchestrator.GetJobStatusRequest;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.worker.core.JobTurns;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Asks each 500 ms how each job stands that has tasks here. Errors change nothing. Used by the
 * session's thread alone.
 */
final class JobWatch {
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final Calls calls;
  private final BiConsumer<String, String> over;
  private final JobTurns turns = new JobTurns(Duration.ofMillis(500));

  /**
   * A watch of no job yet.
   *
   * @param over hears a job and its state, CANCELLED or FAILED
   */
  JobWatch(Calls calls, BiConsumer<String, String> over) {
    this.calls = calls;
    this.over = over;
  }

  void poll(Set<String> jobs, long now) {
    for (String job : turns.take(jobs, now)) {
      calls.send(
          OrchestratorServiceGrpc.getGetJobStatusMethod(),
          GetJobStatusRequest.newBuilder().setJobId(job).build(),
          DEADLINE,
          reply -> replied(job, reply));
    }
  }

  private void replied(String job, Reply<GetJobStatusResponse> reply) {
    turns.back(job);
    if (reply instanceof Reply.Answer<GetJobStatusResponse>(GetJobStatusResponse answer)) {
      switch (answer.getStatus()) {
        case "CANCELLED", "FAILED" -> over.accept(job, answer.getStatus());
        default -> {}
      }
    }
  }
}
