package io.tensorfleet.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tensorfleet.proto.v1.GetJobRequest;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import java.util.Set;
import java.util.function.Consumer;

/** Follows a job to its end; a stream that breaks is opened again. */
public final class JobWatch {
  private static final int REOPENINGS = 60;
  private static final Set<JobState> ENDED =
      Set.of(JobState.JOB_STATE_COMPLETED, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED);

  private JobWatch() {}

  /** Whether nothing more will happen to the job. */
  public static boolean ended(Job job) {
    return ENDED.contains(job.getState());
  }

  static Job untilEnded(OrchestratorClient client, String jobId, Consumer<Job> onChange) {
    var request = GetJobRequest.newBuilder().setJobId(jobId).build();
    var broken = Status.UNKNOWN.asRuntimeException();
    for (int i = 0; i < REOPENINGS; i++) {
      try {
        var jobs = client.jobs().withDeadline(null).withWaitForReady().watchJob(request);
        while (jobs.hasNext()) {
          var job = jobs.next();
          onChange.accept(job);
          if (ended(job)) {
            return job;
          }
        }
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          throw e;
        }
        broken = e;
      }
    }
    throw broken;
  }
}
