package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ends jobs: when their last task has ended, when someone cancels them, when their deadline passes.
 * And brings failed tasks back.
 */
public final class JobEndStore {
  private static final String FINISH =
      """
      UPDATE jobs j SET finished_at = now(), state = CASE WHEN s.completed = j.total THEN 3 ELSE 4 END
      FROM (SELECT job_no, sum(completed) AS completed FROM counts WHERE job_no = ANY (?)
            GROUP BY job_no HAVING NOT bool_or(active)) s
      WHERE s.job_no = j.job_no AND j.state < 3
      RETURNING j.job_no, j.queue, j.state, extract(epoch FROM now() - j.created_at)
      """;
  private static final String OPEN_BUT_DONE =
      """
      SELECT job_no FROM jobs j WHERE state < 3
      AND NOT EXISTS (SELECT 1 FROM counts c WHERE c.job_no = j.job_no AND c.active) LIMIT 1000
      """;
  private static final String STOP =
      """
      WITH open AS (SELECT job_no, idx, class_id, state FROM tasks WHERE job_no = ? AND state IN (1, 2, 7)
                    ORDER BY job_no, idx FOR UPDATE),
      stopped AS (UPDATE tasks t SET state = ?, finished_at = now(), error = ?, lease_until = NULL, run_until = NULL,
                    progress_until = NULL, not_before = NULL
                  FROM open WHERE t.job_no = open.job_no AND t.idx = open.idx)
      SELECT class_id, state, count(*) FROM open GROUP BY class_id, state
      """;
  private static final String RETRY =
      """
      WITH dead AS (SELECT job_no, idx, class_id FROM tasks
                    WHERE job_no = ? AND state = 4 AND (? OR idx = ANY (?)) ORDER BY job_no, idx FOR UPDATE),
      back AS (UPDATE tasks t SET state = 1, spent = 0, deaths = 0, finished_at = NULL, error = NULL
               FROM dead WHERE t.job_no = dead.job_no AND t.idx = dead.idx)
      SELECT class_id, count(*) FROM dead GROUP BY class_id
      """;

  /** A job that ended: its state's code and the seconds since its submit. */
  public record Ended(long jobNo, String queue, int state, double seconds) {}

  private record Moved(int classId, TaskStatus from, int tasks) {}

  private final Database database;

  public JobEndStore(Database database) {
    this.database = database;
  }

  /**
   * Ends those of the jobs whose tasks have all ended. Must follow the commit of what ended them.
   */
  public List<Ended> finish(Collection<Long> jobs) {
    return jobs.isEmpty() ? List.of() : database.transact(c -> finish(c, List.copyOf(jobs)));
  }

  private static List<Ended> finish(Connection c, List<Long> jobs) throws SQLException {
    List<Ended> ended =
        Sql.query(
            c,
            FINISH,
            r -> new Ended(r.getLong(1), r.getString(2), r.getInt(3), r.getDouble(4)),
            Sql.longs(c, jobs, j -> j));
    Set<String> queues = new HashSet<>();
    ended.forEach(e -> queues.add(e.queue()));
    for (String queue : queues) {
      new Signal.QueueChanged(queue).send(c);
    }
    return ended;
  }

  /** Jobs whose last tasks ended while whoever ended them died before saying so. */
  public List<Long> forgotten() {
    return database.transact(c -> Sql.query(c, OPEN_BUT_DONE, r -> r.getLong(1)));
  }

  /** Jobs that are past their deadline. */
  public List<Long> overdue() {
    return database.transact(
        c ->
            Sql.query(
                c,
                "SELECT job_no FROM jobs WHERE state < 3 AND deadline_at < now() LIMIT 100",
                r -> r.getLong(1)));
  }

  /** Cancels what is left of the job; false when it had ended. */
  public boolean cancel(JobInfo job, String reason) {
    return database.transact(c -> stop(c, job, new Stop(5, TaskStatus.CANCELLED, reason)));
  }

  /** Expires what is left of a job whose deadline passed. */
  public boolean expire(JobInfo job) {
    return database.transact(
        c -> stop(c, job, new Stop(4, TaskStatus.EXPIRED, "the job's deadline has passed")));
  }

  private record Stop(int jobState, TaskStatus tasks, String reason) {}

  private static boolean stop(Connection c, JobInfo job, Stop stop) throws SQLException {
    if (Sql.first(c, "SELECT 1 FROM jobs WHERE job_no = ? AND state < 3", _ -> true, job.jobNo())
        .isEmpty()) {
      return false;
    }
    List<Moved> moved =
        Sql.query(
            c,
            STOP,
            r -> new Moved(r.getInt(1), TaskStatus.ofCode(r.getInt(2)), r.getInt(3)),
            job.jobNo(),
            stop.tasks().code(),
            stop.reason());
    Tally tally = new Tally();
    moved.forEach(m -> tally.move(job.jobNo(), m.classId(), m.from(), stop.tasks(), m.tasks()));
    tally.write(c);
    int ended =
        Sql.update(
            c,
            "UPDATE jobs SET state = ?, finished_at = now(), message = ? WHERE job_no = ? AND state < 3",
            stop.jobState(),
            stop.reason(),
            job.jobNo());
    new Signal.JobStopped(job.jobNo()).send(c);
    new Signal.QueueChanged(job.queue()).send(c);
    return ended > 0;
  }

  /** Sends failed tasks back with all their tries; all of the job's where none is named. */
  public int retry(JobInfo job, Optional<List<TaskKey>> named) {
    return database.transact(
        c -> {
          Map<Integer, Integer> byClass = new HashMap<>();
          List<TaskKey> keys = named.orElse(List.of());
          Sql.query(
              c,
              RETRY,
              r -> byClass.put(r.getInt(1), r.getInt(2)),
              job.jobNo(),
              named.isEmpty(),
              Sql.ints(c, keys, TaskKey::index));
          Tally tally = new Tally();
          byClass.forEach(
              (k, n) -> tally.move(job.jobNo(), k, TaskStatus.FAILED, TaskStatus.WAITING, n));
          tally.write(c);
          int tasks = byClass.values().stream().mapToInt(n -> n).sum();
          if (tasks > 0) {
            reopen(c, job);
          }
          return tasks;
        });
  }

  /** Whoever sends tasks back wants them done: a deadline that has passed does not hold again. */
  private static void reopen(Connection c, JobInfo job) throws SQLException {
    Sql.update(
        c,
        "UPDATE jobs SET state = 2, finished_at = NULL, deadline_at = NULL, message = '' WHERE job_no = ? AND state >= 3",
        job.jobNo());
    new Signal.Work().send(c);
    new Signal.QueueChanged(job.queue()).send(c);
  }
}
