package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskName;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.TaskGroup;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What never changes of jobs, kept in memory: the most recently used ones. */
public final class Catalog {
  private static final int KEPT = 1_000;

  private final Map<Long, JobInfo> byNo = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Long> numbers = new LinkedHashMap<>();

  /** The job of that number; it must exist. */
  public JobInfo job(Connection c, long jobNo) throws SQLException {
    Optional<JobInfo> known = known(jobNo);
    if (known.isPresent()) {
      return known.get();
    }
    return read(c, "job_no = ?", jobNo)
        .orElseThrow(() -> new IllegalStateException("no job number " + jobNo));
  }

  public Optional<JobInfo> job(Connection c, String jobId) throws SQLException {
    Optional<JobInfo> known = known(jobId);
    return known.isPresent() ? known : read(c, "job_id = ?", jobId);
  }

  /** The task that a token names; empty where no such job exists. */
  public Optional<TaskKey> key(Connection c, LeaseToken token) throws SQLException {
    Optional<TaskName> name = TaskName.parse(token.getTaskId());
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return job(c, name.get().jobId()).map(job -> new TaskKey(job.jobNo(), name.get().index()));
  }

  /** The job if it is in memory. */
  public synchronized Optional<JobInfo> known(long jobNo) {
    return Optional.ofNullable(byNo.get(jobNo));
  }

  private synchronized Optional<JobInfo> known(String jobId) {
    return Optional.ofNullable(numbers.get(jobId)).flatMap(this::known);
  }

  private Optional<JobInfo> read(Connection c, String where, Object value) throws SQLException {
    Optional<JobInfo> head =
        Sql.first(
            c,
            "SELECT job_no, job_id, queue FROM jobs WHERE " + where,
            r -> new JobInfo(r.getLong(1), r.getString(2), r.getString(3), List.of()),
            value);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    List<JobInfo.Group> groups =
        Sql.query(
            c,
            "SELECT first_idx, tasks, class_id, body FROM task_groups WHERE job_no = ? ORDER BY first_idx",
            Catalog::group,
            head.get().jobNo());
    JobInfo job = new JobInfo(head.get().jobNo(), head.get().jobId(), head.get().queue(), groups);
    keep(job);
    return Optional.of(job);
  }

  private static JobInfo.Group group(ResultSet r) throws SQLException {
    TaskGroup body = Blobs.parse(TaskGroup.parser(), r.getBytes(4));
    return new JobInfo.Group(r.getInt(1), r.getInt(2), r.getInt(3), body);
  }

  private synchronized void keep(JobInfo job) {
    byNo.put(job.jobNo(), job);
    numbers.put(job.jobId(), job.jobNo());
    while (byNo.size() > KEPT) {
      var eldest = byNo.entrySet().iterator().next();
      byNo.remove(eldest.getKey());
      numbers.remove(eldest.getValue().jobId());
    }
  }
}
