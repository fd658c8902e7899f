package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.Backoff;
import io.tensorfleet.orchestrator.core.Next;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskStatus;
import io.tensorfleet.orchestrator.core.Transitions;
import io.tensorfleet.orchestrator.core.Tries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Moves running tasks on when something happened to them: many in one transaction, each only under
 * its own fence.
 */
public final class TransitionStore {
  private static final String LOCK =
      """
      SELECT t.job_no, t.idx, t.class_id, t.spent, t.deaths, t.session_no FROM tasks t
      JOIN unnest(?, ?, ?) AS x(job_no, idx, fence) ON t.job_no = x.job_no AND t.idx = x.idx AND t.fence = x.fence
      WHERE t.state = 2 ORDER BY t.job_no, t.idx FOR UPDATE OF t
      """;
  private static final String WRITE =
      """
      UPDATE tasks t SET state = x.state, spent = x.spent, deaths = x.deaths,
        not_before = CASE WHEN x.state = 7 THEN now() + x.delay * interval '1 millisecond' END,
        lease_until = NULL, run_until = NULL, progress_until = NULL,
        finished_at = CASE WHEN x.state BETWEEN 3 AND 6 THEN now() END,
        error = x.error, metrics = coalesce(x.metrics, t.metrics), artifact = coalesce(x.artifact, t.artifact),
        checkpoint = coalesce(x.checkpoint, t.checkpoint),
        epochs_done = CASE WHEN x.epochs < 0 THEN t.epochs_done ELSE x.epochs END
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS x(job_no, idx, state, spent, deaths, delay, error, metrics, artifact, checkpoint, epochs)
      WHERE t.job_no = x.job_no AND t.idx = x.idx
      """;
  private static final String CREDIT_WORKERS =
      """
      UPDATE workers w SET tasks_completed = w.tasks_completed + x.n
      FROM unnest(?, ?) AS x(session_no, n) WHERE w.session_no = x.session_no
      """;

  private record Held(TaskKey key, int classId, int spent, int deaths, long sessionNo) {}

  private record Move(Held held, Change change, Next next) {}

  private final Catalog catalog;
  private final int defaultTries;
  private final RandomGenerator random;

  public TransitionStore(Catalog catalog, int defaultTries, RandomGenerator random) {
    this.catalog = catalog;
    this.defaultTries = defaultTries;
    this.random = random;
  }

  /**
   * Applies each change whose fence is the task's own; the others change nothing. Tells which were
   * applied.
   */
  public Applied apply(Connection c, List<Change> changes) throws SQLException {
    if (changes.isEmpty()) {
      return Applied.NONE;
    }
    Map<TaskKey, Change> byKey = new HashMap<>();
    changes.forEach(change -> byKey.merge(change.key(), change, TransitionStore::newer));
    List<Move> moves = new ArrayList<>();
    for (Held held : lock(c, List.copyOf(byKey.values()))) {
      Change change = byKey.get(held.key());
      if (change != null) {
        moves.add(new Move(held, change, next(c, held, change)));
      }
    }
    if (!moves.isEmpty()) {
      write(c, moves);
    }
    return applied(moves);
  }

  /**
   * One statement must not move one row twice: of two for one task only the newer lease's can be
   * right.
   */
  private static Change newer(Change a, Change b) {
    return b.fence() > a.fence() ? b : a;
  }

  private static List<Held> lock(Connection c, List<Change> changes) throws SQLException {
    return Sql.query(
        c,
        LOCK,
        r ->
            new Held(
                new TaskKey(r.getLong(1), r.getInt(2)),
                r.getInt(3),
                r.getInt(4),
                r.getInt(5),
                r.getLong(6)),
        Sql.longs(c, changes, x -> x.key().jobNo()),
        Sql.ints(c, changes, x -> x.key().index()),
        Sql.longs(c, changes, Change::fence));
  }

  private Next next(Connection c, Held held, Change change) throws SQLException {
    int max = catalog.job(c, held.key().jobNo()).template(held.key().index()).getMaxAttempts();
    Tries tries = new Tries(held.spent(), held.deaths(), max == 0 ? defaultTries : max);
    return Transitions.after(change.event(), tries, Backoff.DEFAULT, random);
  }

  private static void write(Connection c, List<Move> moves) throws SQLException {
    Sql.update(
        c,
        WRITE,
        Sql.longs(c, moves, m -> m.held().key().jobNo()),
        Sql.ints(c, moves, m -> m.held().key().index()),
        Sql.ints(c, moves, m -> m.next().status().code()),
        Sql.ints(c, moves, m -> m.next().tries().spent()),
        Sql.ints(c, moves, m -> m.next().tries().deaths()),
        Sql.longs(c, moves, m -> m.next().delay().toMillis()),
        Sql.texts(c, moves, m -> m.next().error().isEmpty() ? null : m.next().error()),
        Sql.blobs(c, moves, m -> Sql.bytes(m.change().report().metrics())),
        Sql.blobs(c, moves, m -> Sql.bytes(m.change().report().artifact())),
        Sql.blobs(c, moves, m -> Sql.bytes(m.change().report().checkpoint())),
        Sql.ints(c, moves, m -> m.change().report().epochsDone()));
    creditWorkers(c, moves);
    count(c, moves);
  }

  private static void creditWorkers(Connection c, List<Move> moves) throws SQLException {
    Map<Long, Integer> completed = new HashMap<>();
    for (Move move : moves) {
      if (move.next().status() == TaskStatus.COMPLETED) {
        completed.merge(move.held().sessionNo(), 1, Integer::sum);
      }
    }
    if (!completed.isEmpty()) {
      List<Long> sessions = completed.keySet().stream().sorted().toList();
      Sql.update(
          c,
          CREDIT_WORKERS,
          Sql.longs(c, sessions, s -> s),
          Sql.ints(c, sessions, s -> completed.getOrDefault(s, 0)));
    }
  }

  private static void count(Connection c, List<Move> moves) throws SQLException {
    Tally tally = new Tally();
    for (Move move : moves) {
      TaskKey key = move.held().key();
      tally.move(key.jobNo(), move.held().classId(), TaskStatus.RUNNING, move.next().status(), 1);
      if (move.next().status() == TaskStatus.COMPLETED) {
        Change.Report report = move.change().report();
        tally.done(
            key.jobNo(),
            move.held().classId(),
            report.seconds(),
            key.index(),
            report.metrics().getLoss());
      }
    }
    tally.write(c);
  }

  private static Applied applied(List<Move> moves) {
    Set<TaskKey> keys = new HashSet<>();
    Set<Long> jobs = new HashSet<>();
    Set<Long> ended = new HashSet<>();
    Map<Integer, List<Double>> seconds = new HashMap<>();
    boolean freed = false;
    int retried = 0;
    for (Move move : moves) {
      keys.add(move.held().key());
      jobs.add(move.held().key().jobNo());
      if (move.next().status().ended()) {
        ended.add(move.held().key().jobNo());
      } else {
        retried++;
      }
      freed |= move.next().status() == TaskStatus.WAITING;
      if (move.next().status() == TaskStatus.COMPLETED) {
        seconds
            .computeIfAbsent(move.held().classId(), _ -> new ArrayList<>())
            .add(move.change().report().seconds());
      }
    }
    return new Applied(keys, jobs, ended, seconds, freed, retried);
  }

  /**
   * What was changed.
   *
   * @param ended jobs of which at least one task ended: they may be over
   * @param seconds by class, what completed tasks took
   * @param freed whether a task waits again now
   */
  public record Applied(
      Set<TaskKey> keys,
      Set<Long> jobs,
      Set<Long> ended,
      Map<Integer, List<Double>> seconds,
      boolean freed,
      int retried) {
    public static final Applied NONE =
        new Applied(Set.of(), Set.of(), Set.of(), Map.of(), false, 0);
  }
}
