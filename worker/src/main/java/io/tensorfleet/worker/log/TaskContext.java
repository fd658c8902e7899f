package io.tensorfleet.worker.log;

import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.worker.core.TrainingTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.MDC;

/** While it is open, what this thread logs carries the task's id, its job's and the attempt. */
public final class TaskContext implements AutoCloseable {
  static final String TASK = "task_id";
  static final String JOB = "job_id";
  static final String ATTEMPT = "attempt";

  /** In the order in which they are shown. */
  static final List<String> KEYS = List.of(TASK, JOB, ATTEMPT);

  private final Optional<Map<String, String>> before =
      Optional.ofNullable(MDC.getCopyOfContextMap());

  private TaskContext(String taskId, String jobId, int attempt) {
    MDC.put(TASK, taskId);
    MDC.put(JOB, jobId);
    MDC.put(ATTEMPT, attempt > 0 ? Integer.toString(attempt) : "");
  }

  public static TaskContext of(TrainingTask task) {
    return new TaskContext(task.taskId(), task.jobId(), task.attempt());
  }

  /** For a lease whose task is not here any more; its job is not told. */
  public static TaskContext of(LeaseToken lease) {
    return new TaskContext(lease.getTaskId(), "", lease.getAttempt());
  }

  /** For a task of the earlier wire, whose attempts nobody counts. */
  public static TaskContext of(String taskId, String jobId) {
    return new TaskContext(taskId, jobId, 0);
  }

  @Override
  public void close() {
    before.ifPresentOrElse(MDC::setContextMap, MDC::clear);
  }
}
