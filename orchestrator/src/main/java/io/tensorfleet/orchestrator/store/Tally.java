package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskStatus;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects how many tasks moved between states in one transaction, and writes it to the counters
 * last of all.
 */
final class Tally {
  private static final String LOCK =
      """
      SELECT 1 FROM counts c JOIN unnest(?, ?) AS x(job_no, class_id) USING (job_no, class_id)
      ORDER BY c.job_no, c.class_id FOR UPDATE OF c
      """;
  private static final String WRITE =
      """
      UPDATE counts c SET waiting = c.waiting + x.waiting, running = c.running + x.running,
        completed = c.completed + x.completed, failed = c.failed + x.failed, cancelled = c.cancelled + x.cancelled,
        expired = c.expired + x.expired, delayed = c.delayed + x.delayed,
        run_again = c.run_again + x.run_again, done_seconds = c.done_seconds + x.seconds,
        active = c.waiting + x.waiting + c.running + x.running + c.delayed + x.delayed > 0,
        best_idx = CASE WHEN x.loss < c.best_loss OR c.best_loss IS NULL THEN coalesce(x.best, c.best_idx)
                   ELSE c.best_idx END,
        best_loss = least(c.best_loss, x.loss)
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS x(job_no, class_id, waiting, running, completed, failed, cancelled, expired, delayed, run_again, seconds,
             loss, best)
      WHERE c.job_no = x.job_no AND c.class_id = x.class_id
      """;

  private record Key(long jobNo, int classId) {}

  private static final class Delta {
    private final Key key;
    private final Map<TaskStatus, Integer> moved = new EnumMap<>(TaskStatus.class);
    private int runAgain;
    private double seconds;
    private @Nullable Double bestLoss;
    private @Nullable Integer bestIndex;

    Delta(Key key) {
      this.key = key;
    }
  }

  private final TreeMap<Key, Delta> deltas =
      new TreeMap<>(Comparator.comparingLong(Key::jobNo).thenComparingInt(Key::classId));

  void move(long jobNo, int classId, TaskStatus from, TaskStatus to, int tasks) {
    Delta delta = delta(jobNo, classId);
    delta.moved.merge(from, -tasks, Integer::sum);
    delta.moved.merge(to, tasks, Integer::sum);
  }

  void runAgain(long jobNo, int classId) {
    delta(jobNo, classId).runAgain++;
  }

  /** A task completed: what it took, and its loss. */
  void done(long jobNo, int classId, double seconds, int index, double loss) {
    Delta delta = delta(jobNo, classId);
    delta.seconds += seconds;
    if (!Double.isNaN(loss) && (delta.bestLoss == null || loss < delta.bestLoss)) {
      delta.bestLoss = loss;
      delta.bestIndex = index;
    }
  }

  Set<Long> jobs() {
    Set<Long> jobs = new TreeSet<>();
    deltas.keySet().forEach(k -> jobs.add(k.jobNo()));
    return jobs;
  }

  void write(Connection c) throws SQLException {
    List<Delta> all = new ArrayList<>(deltas.values());
    if (all.isEmpty()) {
      return;
    }
    Array jobs = Sql.longs(c, all, d -> d.key.jobNo());
    Array classes = Sql.ints(c, all, d -> d.key.classId());
    if (all.size() > 1) {
      Sql.query(c, LOCK, r -> r.getInt(1), jobs, classes);
    }
    Sql.update(
        c,
        WRITE,
        jobs,
        classes,
        moved(c, all, TaskStatus.WAITING),
        moved(c, all, TaskStatus.RUNNING),
        moved(c, all, TaskStatus.COMPLETED),
        moved(c, all, TaskStatus.FAILED),
        moved(c, all, TaskStatus.CANCELLED),
        moved(c, all, TaskStatus.EXPIRED),
        moved(c, all, TaskStatus.DELAYED),
        Sql.ints(c, all, d -> d.runAgain),
        Sql.doubles(c, all, d -> d.seconds),
        Sql.doubles(c, all, d -> d.bestLoss),
        c.createArrayOf("integer", all.stream().map(d -> d.bestIndex).toArray()));
  }

  private static Array moved(Connection c, List<Delta> all, TaskStatus status) throws SQLException {
    return Sql.ints(c, all, d -> d.moved.getOrDefault(status, 0));
  }

  private Delta delta(long jobNo, int classId) {
    return deltas.computeIfAbsent(new Key(jobNo, classId), Delta::new);
  }
}
