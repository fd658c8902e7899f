package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.orchestrator.core.TaskStatus;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.LogLine;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads tasks and their logs. */
public final class TaskReads {
  private static final String TASKS =
      """
      SELECT t.*, j.job_id, j.queue, j.created_at, w.worker_id FROM tasks t JOIN jobs j USING (job_no)
      LEFT JOIN workers w USING (session_no)
      """;

  /** Which tasks are listed: those after the key, in the order of jobs and indices. */
  public record Page(
      Optional<Long> jobNo, String queue, List<TaskState> states, TaskKey after, int size) {}

  /** A task with its place in the list. */
  public record Keyed(TaskKey key, Task task) {}

  /** A line with its number, which grows. */
  public record Numbered(long number, LogLine line) {}

  private final Database database;
  private final Catalog catalog;

  public TaskReads(Database database, Catalog catalog) {
    this.database = database;
    this.catalog = catalog;
  }

  public Optional<JobInfo> job(String jobId) {
    return database.transact(c -> catalog.job(c, jobId));
  }

  public JobInfo job(long jobNo) {
    return catalog.known(jobNo).orElseGet(() -> database.transact(c -> catalog.job(c, jobNo)));
  }

  public Optional<Keyed> task(TaskName name) {
    return database.transact(
        c ->
            Sql.first(
                c,
                TASKS + " WHERE j.job_id = ? AND t.idx = ?",
                r -> read(c, r),
                name.jobId(),
                name.index()));
  }

  public List<Keyed> list(Page page) {
    return database.transact(c -> list(c, page));
  }

  private List<Keyed> list(Connection c, Page page) throws SQLException {
    List<TaskStatus> states =
        Arrays.stream(TaskStatus.values()).filter(s -> page.states().contains(s.wire())).toList();
    String where =
        " WHERE (t.job_no, t.idx) > (?, ?) AND (? = '' OR j.queue = ?) AND (? OR t.state = ANY (?))"
            + page.jobNo().map(no -> " AND t.job_no = " + no).orElse("")
            + (states.equals(List.of(TaskStatus.FAILED)) ? " AND t.state = 4" : "")
            + " ORDER BY t.job_no, t.idx LIMIT ?";
    return Sql.query(
        c,
        TASKS + where,
        r -> read(c, r),
        page.after().jobNo(),
        page.after().index(),
        page.queue(),
        page.queue(),
        states.isEmpty(),
        Sql.ints(c, states, TaskStatus::code),
        page.size());
  }

  private Keyed read(Connection c, ResultSet r) throws SQLException {
    TaskKey key = new TaskKey(r.getLong("job_no"), r.getInt("idx"));
    JobInfo job = catalog.job(c, key.jobNo());
    Task.Builder task =
        Task.newBuilder()
            .setTaskId(job.taskId(key.index()))
            .setJobId(job.jobId())
            .setSpec(job.spec(key.index()))
            .setState(TaskStatus.ofCode(r.getInt("state")).wire())
            .setAttempt(r.getInt("attempt"))
            .setEpochsDone(r.getInt("epochs_done"))
            .setQueue(job.queue());
    Optional.ofNullable(r.getString("worker_id")).ifPresent(task::setWorkerId);
    Optional.ofNullable(r.getString("error")).ifPresent(task::setError);
    if (r.getBytes("metrics") != null) {
      task.setMetrics(Blobs.metrics(r.getBytes("metrics")));
    }
    if (r.getBytes("artifact") != null) {
      task.setArtifact(Blobs.artifact(r.getBytes("artifact")));
    }
    times(r, task);
    return new Keyed(key, task.build());
  }

  private static void times(ResultSet r, Task.Builder task) throws SQLException {
    Optional.ofNullable(Sql.timestamp(r, "created_at")).ifPresent(task::setCreatedAt);
    Optional.ofNullable(Sql.timestamp(r, "started_at")).ifPresent(task::setStartedAt);
    Optional.ofNullable(Sql.timestamp(r, "finished_at")).ifPresent(task::setFinishedAt);
    Optional.ofNullable(Sql.timestamp(r, "not_before")).ifPresent(task::setNotBefore);
  }

  /**
   * The token under which the worker runs the task now: a worker of the old wire does not name its
   * lease.
   */
  public Optional<LeaseToken> lease(TaskName name, String workerId) {
    return database.transact(
        c ->
            Sql.first(
                c,
                """
                SELECT t.attempt, t.fence FROM tasks t JOIN jobs j USING (job_no) JOIN workers w USING (session_no)
                WHERE j.job_id = ? AND t.idx = ? AND t.state = 2 AND w.worker_id = ? AND w.current
                """,
                r ->
                    LeaseToken.newBuilder()
                        .setTaskId(TaskName.of(name.jobId(), name.index()))
                        .setAttempt(r.getInt(1))
                        .setFence(r.getLong(2))
                        .build(),
                name.jobId(),
                name.index(),
                workerId));
  }

  /** The newest lines after the given number, oldest first. */
  public List<Numbered> log(TaskKey key, long after, int tail) {
    return database.transact(
        c ->
            Sql.query(
                    c,
                    """
                    SELECT line_no, attempt, at, text FROM task_logs
                    WHERE job_no = ? AND idx = ? AND line_no > ? ORDER BY line_no DESC LIMIT ?
                    """,
                    TaskReads::line,
                    key.jobNo(),
                    key.index(),
                    after,
                    tail)
                .reversed());
  }

  private static Numbered line(ResultSet r) throws SQLException {
    LogLine.Builder line =
        LogLine.newBuilder().setAttempt(r.getInt("attempt")).setText(r.getString("text"));
    Optional.ofNullable(Sql.timestamp(r, "at")).ifPresent(line::setAt);
    return new Numbered(r.getLong("line_no"), line.build());
  }
}
