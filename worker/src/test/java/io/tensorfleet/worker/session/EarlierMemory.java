package io.tensorfleet.worker.session;

import io.tensorfleet.proto.orchestrator.AssignTaskResponse;
import io.tensorfleet.proto.orchestrator.GetJobStatusResponse;
import io.tensorfleet.proto.orchestrator.JobMetricsRequest;
import io.tensorfleet.proto.orchestrator.TaskCompletionRequest;
import io.tensorfleet.proto.orchestrator.TrainingJobRequest;
import io.tensorfleet.proto.orchestrator.WorkerActivityResponse;
import io.tensorfleet.proto.orchestrator.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** All that an earlier orchestrator knew: jobs of epochs × 10 tasks, a queue, who works on what. */
public final class EarlierMemory {
  private static final int MAX_RETRIES = 3;

  private final BlockingQueue<AssignTaskResponse> queue = new LinkedBlockingQueue<>();
  private final Map<String, Job> jobs = new HashMap<>();
  private final Map<String, AssignTaskResponse> assigned = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, WorkerInfo> workers = new HashMap<>();
  private final List<TaskCompletionRequest> completions = new ArrayList<>();
  private final List<JobMetricsRequest> metrics = new ArrayList<>();

  private record Job(String state, int done, int total) {}

  /** Queues a job; returns how many tasks it has. */
  public synchronized int create(TrainingJobRequest request) {
    int total = request.getEpochs() * 10;
    jobs.put(request.getJobId(), new Job("PENDING", 0, total));
    for (int i = 0; i < total; i++) {
      int batch = i % 10 * 100;
      queue.add(
          AssignTaskResponse.newBuilder()
              .setTaskId("%s-e%d-b%d".formatted(request.getJobId(), i / 10, i % 10))
              .setJobId(request.getJobId())
              .setModelType(request.getModelType())
              .setDatasetPath(request.getDatasetPath())
              .putAllHyperparameters(request.getHyperparametersMap())
              .setEpoch(i / 10)
              .setBatchStart(batch)
              .setBatchEnd(batch + 100)
              .build());
    }
    return total;
  }

  /** Tasks of jobs that are over are passed over. */
  Optional<AssignTaskResponse> pop(String worker, Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      AssignTaskResponse task = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (task == null) {
        return Optional.empty();
      }
      if (assign(worker, task)) {
        return Optional.of(task);
      }
    }
  }

  private synchronized boolean assign(String worker, AssignTaskResponse task) {
    Job job = jobs.get(task.getJobId());
    if (job == null || job.state().equals("CANCELLED") || job.state().equals("FAILED")) {
      return false;
    }
    jobs.put(task.getJobId(), new Job("RUNNING", job.done(), job.total()));
    assigned.put(task.getTaskId(), task);
    workers.put(worker, info(worker, "BUSY").setCurrentTaskId(task.getTaskId()).build());
    return true;
  }

  private WorkerInfo.Builder info(String worker, String status) {
    WorkerInfo before = workers.getOrDefault(worker, WorkerInfo.getDefaultInstance());
    return before.toBuilder().setWorkerId(worker).setStatus(status);
  }

  /** False where the task is none of those handed out. */
  synchronized boolean complete(TaskCompletionRequest request) {
    completions.add(request);
    workers.put(request.getWorkerId(), info(request.getWorkerId(), "IDLE").build());
    AssignTaskResponse task = assigned.remove(request.getTaskId());
    Job job = jobs.get(request.getJobId());
    if (task == null || job == null) {
      return false;
    }
    if (request.getSuccess()) {
      int done = job.done() + 1;
      String state =
          done == job.total() && job.state().equals("RUNNING") ? "COMPLETED" : job.state();
      jobs.put(request.getJobId(), new Job(state, done, job.total()));
    } else if (failures.merge(request.getTaskId(), 1, Integer::sum) > MAX_RETRIES) {
      end(request.getJobId(), "FAILED");
    } else {
      queue.add(task);
    }
    return true;
  }

  synchronized void end(String job, String state) {
    jobs.computeIfPresent(job, (_, before) -> new Job(state, before.done(), before.total()));
  }

  synchronized Optional<GetJobStatusResponse> status(String id) {
    return Optional.ofNullable(jobs.get(id))
        .map(
            job ->
                GetJobStatusResponse.newBuilder()
                    .setJobId(id)
                    .setStatus(job.state())
                    .setCompletedTasks(job.done())
                    .setTotalTasks(job.total())
                    .setProgress(100 * job.done() / job.total())
                    .build());
  }

  synchronized void metrics(JobMetricsRequest request) {
    metrics.add(request);
  }

  synchronized WorkerActivityResponse activity() {
    return WorkerActivityResponse.newBuilder()
        .addAllWorkers(workers.values())
        .setTotalWorkers(workers.size())
        .build();
  }

  public String state(String job) {
    return status(job).map(GetJobStatusResponse::getStatus).orElse("unknown");
  }

  /** Everything that was reported, known or not, in order. */
  public synchronized List<TaskCompletionRequest> completions() {
    return List.copyOf(completions);
  }

  public synchronized List<JobMetricsRequest> metrics() {
    return List.copyOf(metrics);
  }

  /** Tasks handed out whose end was not reported. */
  public synchronized int assigned() {
    return assigned.size();
  }

  /** A job of so many epochs, ten tasks each, with these hyperparameters. */
  public static TrainingJobRequest job(
      String id, String model, int epochs, Map<String, String> how) {
    return TrainingJobRequest.newBuilder()
        .setJobId(id)
        .setModelType(model)
        .setEpochs(epochs)
        .putAllHyperparameters(how)
        .build();
  }
}
