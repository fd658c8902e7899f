package io.tensorfleet.cli.output;

import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Jobs, tasks and workers as tables. */
public final class Rows {
  private Rows() {}

  public static Table jobs(List<Job> jobs, Instant now) {
    return new Table(
        List.of(
            "JOB",
            "QUEUE",
            "STATE",
            "DONE",
            "WAITING",
            "RUNNING",
            "COMPLETED",
            "FAILED",
            "BEST-LOSS",
            "LEFT",
            "AGE"),
        jobs.stream().map(job -> job(job, now)).toList());
  }

  private static List<String> job(Job job, Instant now) {
    var tasks = job.getTasks();
    return List.of(
        job.getJobId(),
        job.getQueue(),
        Text.state(job.getState(), "JOB_STATE_"),
        String.format(Locale.ROOT, "%.0f%%", job.getPercent()),
        String.valueOf(tasks.getWaiting()),
        String.valueOf(tasks.getRunning()),
        tasks.getCompleted() + "/" + tasks.getTotal(),
        String.valueOf(tasks.getFailed()),
        Text.number(job.hasBest(), job.getBest().getLoss()),
        job.hasEstimatedLeft() && !job.hasFinishedAt()
            ? "~" + Text.age(java.time.Duration.ofSeconds(job.getEstimatedLeft().getSeconds()))
            : "-",
        Text.age(job.hasCreatedAt(), job.getCreatedAt(), now));
  }

  public static Table tasks(List<Task> tasks, Waits waits, Instant now) {
    return new Table(
        List.of(
            "TASK",
            "MODEL",
            "STATE",
            "ATTEMPT",
            "EPOCHS",
            "WORKER",
            "LOSS",
            "ACCURACY",
            "AGE",
            "WAITS",
            "ERROR"),
        tasks.stream().map(task -> task(task, waits, now)).toList());
  }

  private static List<String> task(Task task, Waits waits, Instant now) {
    return List.of(
        task.getTaskId(),
        task.getSpec().getModelType(),
        Text.state(task.getState(), "TASK_STATE_"),
        String.valueOf(task.getAttempt()),
        task.getEpochsDone() + "/" + task.getSpec().getEpochs(),
        Text.orAbsent(task.getWorkerId()),
        Text.number(task.hasMetrics(), task.getMetrics().getLoss()),
        Text.number(task.hasMetrics(), task.getMetrics().getAccuracy()),
        Text.age(task.hasCreatedAt(), task.getCreatedAt(), now),
        Text.orAbsent(waits.of(task, now)),
        Text.orAbsent(task.getError()));
  }

  public static Table workers(List<WorkerState> workers, Instant now) {
    return new Table(
        List.of(
            "WORKER", "STATE", "BUSY", "COMPLETED", "CPU", "MEMORY", "QUEUES", "HEARTBEAT", "AGE"),
        workers.stream().map(worker -> worker(worker, now)).toList());
  }

  private static List<String> worker(WorkerState worker, Instant now) {
    return List.of(
        worker.getWorkerId(),
        workerState(worker),
        worker.getBusy() + "/" + worker.getSlots(),
        String.valueOf(worker.getTasksCompleted()),
        String.format(Locale.ROOT, "%.0f%%", worker.getCpuPercent()),
        worker.getMemoryBytes() / (1 << 20) + "Mi",
        Text.orAbsent(String.join(",", worker.getQueuesList())),
        Text.age(worker.hasLastHeartbeat(), worker.getLastHeartbeat(), now),
        Text.age(worker.hasConnectedAt(), worker.getConnectedAt(), now));
  }

  /** The one word that says most about a worker. */
  public static String workerState(WorkerState worker) {
    if (!worker.getConnected()) {
      return "DISCONNECTED";
    }
    if (worker.getDraining()) {
      return "DRAINING";
    }
    if (worker.getCordoned()) {
      return "CORDONED";
    }
    return worker.getBusy() > 0 ? "BUSY" : "IDLE";
  }
}
