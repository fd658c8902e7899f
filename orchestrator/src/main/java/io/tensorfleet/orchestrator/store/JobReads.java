package io.tensorfleet.orchestrator.store;

import com.google.protobuf.util.Durations;
import io.tensorfleet.orchestrator.core.JobProgress;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.proto.v1.Job;
import io.tensorfleet.proto.v1.JobState;
import io.tensorfleet.proto.v1.TaskCounts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads jobs with their progress, from counters. */
public final class JobReads {
  private static final String JOBS =
      """
      SELECT j.*, s.*, b.best_idx, t.metrics FROM jobs j
      JOIN LATERAL (SELECT sum(waiting + delayed) AS waiting, sum(running) AS running, sum(completed) AS completed,
          sum(failed) AS failed, sum(cancelled) AS cancelled, sum(expired) AS expired, sum(run_again) AS run_again,
          sum(done_seconds) AS done_seconds
        FROM counts c WHERE c.job_no = j.job_no) s ON true
      LEFT JOIN LATERAL (SELECT best_idx FROM counts c WHERE c.job_no = j.job_no AND best_idx IS NOT NULL
        ORDER BY best_loss LIMIT 1) b ON true
      LEFT JOIN tasks t ON t.job_no = j.job_no AND t.idx = b.best_idx
      """;

  /** Which jobs are listed: newest first, those with a number below {@code before}. */
  public record Page(String queue, List<JobState> states, long before, int size) {}

  /** A job with its place in the list. */
  public record Numbered(long jobNo, Job job) {}

  /** What the old wire's UpdateJobMetrics last said of a job. */
  public record LastMetrics(double loss, double accuracy) {}

  private final Database database;

  public JobReads(Database database) {
    this.database = database;
  }

  public Optional<Job> job(String jobId) {
    return database
        .transact(c -> Sql.first(c, JOBS + " WHERE j.job_id = ?", JobReads::read, jobId))
        .map(Numbered::job);
  }

  public List<Numbered> list(Page page) {
    return database.transact(c -> list(c, page));
  }

  private static List<Numbered> list(Connection c, Page page) throws SQLException {
    return Sql.query(
        c,
        JOBS
            + """
             WHERE j.job_no < ? AND (? = '' OR j.queue = ?) AND (? OR j.state = ANY (?))
            ORDER BY j.job_no DESC LIMIT ?
            """,
        JobReads::read,
        page.before(),
        page.queue(),
        page.queue(),
        page.states().isEmpty(),
        Sql.ints(c, page.states(), JobState::getNumber),
        page.size());
  }

  private static Numbered read(ResultSet r) throws SQLException {
    TaskCounts counts = counts(r);
    Job.Builder job =
        Job.newBuilder()
            .setJobId(r.getString("job_id"))
            .setUserId(r.getString("user_id"))
            .setQueue(r.getString("queue"))
            .setPriority(r.getInt("priority"))
            .setStateValue(r.getInt("state"))
            .setTasks(counts)
            .setPercent(JobProgress.percent(counts))
            .setMessage(r.getString("message"));
    double mean =
        counts.getCompleted() == 0 ? 0 : r.getDouble("done_seconds") / counts.getCompleted();
    JobProgress.left(counts, mean)
        .ifPresent(d -> job.setEstimatedLeft(Durations.fromMillis(d.toMillis())));
    times(r, job);
    best(r, job);
    return new Numbered(r.getLong("job_no"), job.build());
  }

  private static TaskCounts counts(ResultSet r) throws SQLException {
    return TaskCounts.newBuilder()
        .setTotal(r.getLong("total"))
        .setWaiting(r.getLong("waiting"))
        .setRunning(r.getLong("running"))
        .setCompleted(r.getLong("completed"))
        .setFailed(r.getLong("failed"))
        .setCancelled(r.getLong("cancelled"))
        .setExpired(r.getLong("expired"))
        .setRunAgain(r.getLong("run_again"))
        .build();
  }

  private static void times(ResultSet r, Job.Builder job) throws SQLException {
    Optional.ofNullable(Sql.timestamp(r, "created_at")).ifPresent(job::setCreatedAt);
    Optional.ofNullable(Sql.timestamp(r, "started_at")).ifPresent(job::setStartedAt);
    Optional.ofNullable(Sql.timestamp(r, "finished_at")).ifPresent(job::setFinishedAt);
    Optional.ofNullable(Sql.timestamp(r, "deadline_at")).ifPresent(job::setDeadline);
  }

  private static void best(ResultSet r, Job.Builder job) throws SQLException {
    int index = r.getInt("best_idx");
    if (!r.wasNull()) {
      job.setBestTaskId(TaskName.of(job.getJobId(), index))
          .setBest(Blobs.metrics(r.getBytes("metrics")));
    }
  }

  /** Stores what the old wire says of a job; false when there is no such job. */
  public boolean storeMetrics(String jobId, LastMetrics metrics) {
    return database.transact(
        c ->
            Sql.update(
                    c,
                    "UPDATE jobs SET last_loss = ?, last_accuracy = ? WHERE job_id = ?",
                    metrics.loss(),
                    metrics.accuracy(),
                    jobId)
                > 0);
  }

  public Optional<LastMetrics> lastMetrics(String jobId) {
    return database.transact(
        c ->
            Sql.first(
                c,
                "SELECT last_loss, last_accuracy FROM jobs WHERE job_id = ? AND last_loss IS NOT NULL",
                r -> new LastMetrics(r.getDouble(1), r.getDouble(2)),
                jobId));
  }
}
