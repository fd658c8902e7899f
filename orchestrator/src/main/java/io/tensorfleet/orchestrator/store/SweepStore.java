package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Finds what time has done to tasks. Any number of orchestrators may sweep at once: each skips what
 * another holds.
 */
public final class SweepStore {
  private static final int AT_ONCE = 2_000;
  private static final String DUE =
      """
      WITH due AS (SELECT job_no, idx FROM tasks WHERE state = 7 AND not_before <= now()
                   ORDER BY not_before LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE tasks t SET state = 1, not_before = NULL FROM due WHERE t.job_no = due.job_no AND t.idx = due.idx
      RETURNING t.job_no, t.class_id
      """;

  /**
   * The run time is the worker's to keep; it has a grace here, so that its own word comes first.
   */
  private static final String LOST =
      """
      SELECT t.job_no, t.idx, t.fence, w.worker_id, t.run_until + interval '5 seconds' < now() AS too_long,
        coalesce(t.progress_until < now(), false) AS silent, t.lease_until < now() AS ended
      FROM tasks t LEFT JOIN workers w USING (session_no)
      WHERE t.state = 2 AND ((? AND t.lease_until < now()) OR t.run_until + interval '5 seconds' < now()
        OR t.progress_until < now()
        OR (NOT w.connected AND NOT w.old_wire AND w.disconnected_at < now() - ? * interval '1 millisecond'))
      ORDER BY t.job_no, t.idx LIMIT ? FOR UPDATE OF t SKIP LOCKED
      """;

  /** A stream whose orchestrator died leaves nobody to say so. */
  private static final String SILENT =
      """
      UPDATE workers SET connected = false, disconnected_at = now()
      WHERE connected AND last_heartbeat
        < now() - CASE WHEN old_wire THEN ? ELSE ? END * interval '1 millisecond'
      """;

  private final Database database;
  private final TransitionStore transitions;
  private final Times times;

  /**
   * After how much silence someone counts as gone.
   *
   * @param window a broken stream's leases
   * @param lease a worker
   * @param oldWorker a worker of the old wire, which need not send heartbeats; its leases live on
   */
  public record Times(Duration window, Duration lease, Duration oldWorker) {}

  public SweepStore(Database database, TransitionStore transitions, Times times) {
    this.database = database;
    this.transitions = transitions;
    this.times = times;
  }

  /** Makes tasks whose back-off has ended leasable; how many. */
  public int promote() {
    return database.transact(
        c -> {
          Tally tally = new Tally();
          List<Integer> moved =
              Sql.query(
                  c,
                  DUE,
                  r -> {
                    tally.move(
                        r.getLong(1), r.getInt(2), TaskStatus.DELAYED, TaskStatus.WAITING, 1);
                    return 1;
                  },
                  AT_ONCE);
          tally.write(c);
          return moved.size();
        });
  }

  /**
   * Takes back what was lost: lease ended, stream broken for longer than the window, ran or was
   * silent too long.
   *
   * @param leasesEnd whether an ended lease counts; not while workers had no chance to renew
   */
  public TransitionStore.Applied takeBack(boolean leasesEnd) {
    return database.transact(c -> transitions.apply(c, lost(c, leasesEnd)));
  }

  private List<Change> lost(Connection c, boolean leasesEnd) throws SQLException {
    return Sql.query(c, LOST, SweepStore::change, leasesEnd, times.window().toMillis(), AT_ONCE);
  }

  /** How long a lease is. */
  public Duration lease() {
    return times.lease();
  }

  private static Change change(ResultSet r) throws SQLException {
    TaskKey key = new TaskKey(r.getLong(1), r.getInt(2));
    String worker = "worker " + r.getString(4);
    TaskEvent event;
    if (r.getBoolean("too_long")) {
      event = new TaskEvent.TimedOut("it ran longer than its run timeout on " + worker);
    } else if (r.getBoolean("ended")) {
      event = new TaskEvent.WorkerDied(worker + " was silent until the lease ended");
    } else if (r.getBoolean("silent")) {
      event = new TaskEvent.TimedOut("no progress within its progress timeout on " + worker);
    } else {
      event =
          new TaskEvent.WorkerDied(
              "the stream of " + worker + " broke and did not come back in time");
    }
    return new Change(key, r.getLong(3), event, Change.Report.NONE);
  }

  /** Marks workers that have been silent for a whole lease as disconnected; how many. */
  public int markSilent() {
    return database.transact(
        c -> Sql.update(c, SILENT, times.oldWorker().toMillis(), times.lease().toMillis()));
  }

  /** Folds what completed tasks took into the moving average of their class. */
  public void learn(int classId, double seconds) {
    database.transact(
        c ->
            Sql.update(
                c,
                """
                UPDATE classes SET mean_seconds =
                  CASE WHEN mean_seconds = 0 THEN ? ELSE mean_seconds * 0.8 + ? * 0.2 END WHERE class_id = ?
                """,
                seconds,
                seconds,
                classId));
  }
}
