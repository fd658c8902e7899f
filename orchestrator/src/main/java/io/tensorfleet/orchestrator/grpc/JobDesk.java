package io.tensorfleet.orchestrator.grpc;

import io.grpc.StatusException;
import io.tensorfleet.orchestrator.core.SubmitCheck;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.orchestrator.http.Meters;
import io.tensorfleet.orchestrator.store.JobEndStore;
import io.tensorfleet.orchestrator.store.JobInfo;
import io.tensorfleet.orchestrator.store.JobReads;
import io.tensorfleet.orchestrator.store.JobStore;
import io.tensorfleet.orchestrator.store.JobStore.Submitted;
import io.tensorfleet.orchestrator.store.TaskReads;
import io.tensorfleet.orchestrator.watch.ChangeHub;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.ListTasksRequest;
import io.tensorfleet.proto.v1.SubmitRequest;
import java.util.List;
import java.util.Optional;

/** What can be done with jobs and tasks, whichever wire asks. Blocking. */
public final class JobDesk {
  private final Stores stores;
  private final ChangeHub hub;
  private final Runnable wakeDispatcher;
  private final Meters meters;

  /** What it reads and writes. */
  public record Stores(JobStore jobs, JobReads reads, JobEndStore ends, TaskReads tasks) {}

  public JobDesk(Stores stores, ChangeHub hub, Runnable wakeDispatcher, Meters meters) {
    this.stores = stores;
    this.hub = hub;
    this.wakeDispatcher = wakeDispatcher;
    this.meters = meters;
  }

  Submitted submit(SubmitRequest request) {
    Submitted submitted = stores.jobs().submit(request);
    if (submitted instanceof Submitted.Made) {
      meters.jobSubmitted();
      wakeDispatcher.run();
      hub.heard(request.getQueue().isEmpty() ? "default" : request.getQueue());
    }
    return submitted;
  }

  Job job(String jobId) throws StatusException {
    checkJob(jobId);
    return stores
        .reads()
        .job(jobId)
        .orElseThrow(() -> Answers.notFound("there is no job '" + jobId + "'"));
  }

  List<JobReads.Numbered> jobs(JobReads.Page page) {
    return stores.reads().list(page);
  }

  Job cancel(String jobId, String reason) throws StatusException {
    JobInfo job = info(jobId);
    String why =
        reason.replace("\0", "").isBlank() ? "cancelled" : "cancelled: " + reason.replace("\0", "");
    if (stores.ends().cancel(job, why.substring(0, Math.min(why.length(), 1_000)))) {
      meters.jobEnded(5, 0);
      hub.heard(job.queue());
    }
    return job(jobId);
  }

  int retry(String jobId, List<TaskName> named) throws StatusException {
    JobInfo job = info(jobId);
    Optional<List<TaskKey>> keys =
        named.isEmpty()
            ? Optional.empty()
            : Optional.of(named.stream().map(n -> new TaskKey(job.jobNo(), n.index())).toList());
    int retried = stores.ends().retry(job, keys);
    wakeDispatcher.run();
    hub.heard(job.queue());
    return retried;
  }

  TaskReads.Keyed task(String taskId) throws StatusException {
    Optional<TaskName> name = TaskName.parse(taskId).filter(n -> SubmitCheck.isJobId(n.jobId()));
    if (name.isEmpty()) {
      throw Answers.invalid(
          "task_id is '" + taskId + "': accepted is a job's id, '-' and a number");
    }
    return stores
        .tasks()
        .task(name.get())
        .orElseThrow(() -> Answers.notFound("there is no task '" + taskId + "'"));
  }

  List<TaskReads.Keyed> tasks(ListTasksRequest request, TaskKey after, int size)
      throws StatusException {
    if (!request.getQueue().isEmpty()) {
      QueueEndpoint.checkQueue("queue", request.getQueue());
    }
    Optional<Long> jobNo =
        request.getJobId().isEmpty()
            ? Optional.empty()
            : Optional.of(info(request.getJobId()).jobNo());
    return stores
        .tasks()
        .list(new TaskReads.Page(jobNo, request.getQueue(), request.getStatesList(), after, size));
  }

  JobInfo info(String jobId) throws StatusException {
    checkJob(jobId);
    return stores
        .tasks()
        .job(jobId)
        .orElseThrow(() -> Answers.notFound("there is no job '" + jobId + "'"));
  }

  private static void checkJob(String jobId) throws StatusException {
    if (!SubmitCheck.isJobId(jobId)) {
      throw Answers.invalid(
          "job_id is '" + jobId + "': accepted is 1 to 128 characters of [A-Za-z0-9._-]");
    }
  }
}
