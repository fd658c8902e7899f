package io.tensorfleet.worker.polling;

import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.JobMetricsResponse;
import io.tensorfleet.proto.orchestrator.OrchestratorServiceGrpc;
import io.tensorfleet.worker.core.JobTurns;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the newest metrics of each job, one call a job at a time; what fails is dropped. {@link
 * #put} may be called on any thread, the rest on the session's alone.
 */
final class JobMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(JobMetrics.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Calls calls;
  private final Map<String, JobMetricsRequest> newest = new LinkedHashMap<>();
  private final JobTurns turns = new JobTurns(Duration.ZERO);
  private long failures;

  JobMetrics(Calls calls) {
    this.calls = calls;
  }

  /** Replaces what the job still had to report. */
  void put(JobMetricsRequest metrics) {
    synchronized (newest) {
      newest.put(metrics.getJobId(), metrics);
    }
  }

  private Set<String> waiting() {
    synchronized (newest) {
      return Set.copyOf(newest.keySet());
    }
  }

  private Optional<JobMetricsRequest> take(String job) {
    synchronized (newest) {
      return Optional.ofNullable(newest.remove(job));
    }
  }

  void send(long now) {
    for (String job : turns.take(waiting(), now)) {
      take(job)
          .ifPresentOrElse(
              metrics ->
                  calls.send(
                      OrchestratorServiceGrpc.getUpdateJobMetricsMethod(),
                      metrics,
                      DEADLINE,
                      reply -> replied(job, reply)),
              () -> turns.back(job));
    }
  }

  private void replied(String job, Reply<JobMetricsResponse> reply) {
    turns.back(job);
    if (reply instanceof Reply.Refusal<JobMetricsResponse> refusal) {
      failures++;
      LOG.debug(
          "metrics of job {} were not taken, {} times in all: {}",
          job,
          failures,
          Sentences.of(refusal.status()));
    }
  }
}
