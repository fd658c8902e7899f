package io.tensorfleet.orchestrator.store;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.tensorfleet.orchestrator.core.Demand;
import io.tensorfleet.orchestrator.core.Share;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.orchestrator.core.TaskStatus;
import io.tensorfleet.proto.v1.ArtifactRef;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.TaskSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims waiting tasks for sessions, many in one transaction; a cordoned or replaced session gets
 * none.
 */
public final class ClaimStore {
  private static final int JOBS_LOOKED_AT = 500;
  private static final String DEMANDS =
      """
      SELECT c.job_no, c.class_id, c.queue, c.priority, c.waiting, c.running, k.requires
      FROM counts c JOIN classes k USING (class_id)
      WHERE c.active AND c.waiting > 0 AND c.queue = ANY (?) ORDER BY c.priority DESC, c.job_no LIMIT ?
      """;

  /** Conflicts with the cordon's FOR UPDATE and with a hello's, not with heartbeats. */
  private static final String OPEN_SESSIONS =
      """
      SELECT w.session_no FROM workers w JOIN unnest(?, ?) AS x(session_no, stream_no) USING (session_no, stream_no)
      WHERE w.current AND w.connected AND NOT w.cordoned AND NOT w.draining
      ORDER BY w.session_no FOR KEY SHARE OF w
      """;

  private static final String PICK =
      """
      SELECT t.job_no, t.idx, x.class_id FROM unnest(?, ?, ?) AS x(job_no, class_id, n) CROSS JOIN LATERAL (
        SELECT job_no, idx FROM tasks
        WHERE job_no = x.job_no AND class_id = x.class_id AND state = 1
        ORDER BY idx LIMIT x.n FOR UPDATE SKIP LOCKED) t
      """;
  private static final String TAKE =
      """
      UPDATE tasks t SET state = 2, session_no = x.session_no, attempt = t.attempt + 1, fence = t.fence + 1,
        lease_until = now() + x.lease * interval '1 millisecond',
        run_until = now() + x.run * interval '1 millisecond',
        progress_until = now() + x.silent * interval '1 millisecond', started_at = now(), finished_at = NULL
      FROM unnest(?, ?, ?, ?, ?, ?) AS x(job_no, idx, session_no, lease, run, silent)
      WHERE t.job_no = x.job_no AND t.idx = x.idx
      RETURNING t.session_no, t.job_no, t.idx, t.class_id, t.attempt, t.fence, t.checkpoint, t.epochs_done
      """;
  private static final String START_JOBS =
      "UPDATE jobs SET state = 2, started_at = now() WHERE job_no = ANY (?) AND state = 1";

  /** A session as the dispatcher knows it; its stream must still be the newest. */
  public record Target(long sessionNo, long streamNo, boolean oldWire) {}

  /** A task given to a session. */
  public record Claimed(
      long sessionNo,
      JobInfo job,
      TaskKey key,
      int classId,
      LeaseToken token,
      long runMillis,
      ArtifactRef checkpoint,
      int epochsDone) {}

  private record Picked(TaskKey key, int classId) {}

  private record Pair(Picked task, Target target, long runMillis, @Nullable Long silentMillis) {}

  private final Database database;
  private final Catalog catalog;
  private final long leaseMillis;
  private final long runMillis;

  public ClaimStore(
      Database database, Catalog catalog, java.time.Duration lease, java.time.Duration run) {
    this.database = database;
    this.catalog = catalog;
    this.leaseMillis = lease.toMillis();
    this.runMillis = run.toMillis();
  }

  /** Waiting work of the queues, most urgent first. */
  public List<Demand> demands(Set<String> queues) {
    return database.transact(
        c ->
            Sql.query(
                c,
                DEMANDS,
                ClaimStore::demand,
                Sql.texts(c, List.copyOf(queues), q -> q),
                JOBS_LOOKED_AT));
  }

  private static Demand demand(ResultSet r) throws SQLException {
    Requirements requires = Blobs.parse(Requirements.parser(), r.getBytes(7));
    return new Demand(
        r.getLong(1), r.getInt(2), r.getString(3), r.getInt(4), r.getInt(5), r.getInt(6), requires);
  }

  /** Claims what it can of the shares; committed when this returns. */
  public List<Claimed> claim(List<Share> shares, Map<Long, Target> targets) {
    return database.transact(c -> claim(c, shares, targets));
  }

  private List<Claimed> claim(Connection c, List<Share> shares, Map<Long, Target> targets)
      throws SQLException {
    List<Target> all = List.copyOf(targets.values());
    Set<Long> open =
        new HashSet<>(
            Sql.query(
                c,
                OPEN_SESSIONS,
                r -> r.getLong(1),
                Sql.longs(c, all, Target::sessionNo),
                Sql.longs(c, all, Target::streamNo)));
    List<Share> good = shares.stream().filter(s -> open.contains(s.sessionNo())).toList();
    List<Pair> pairs = good.isEmpty() ? List.of() : pair(c, pick(c, good), good, targets);
    return pairs.isEmpty() ? List.of() : take(c, pairs);
  }

  private static List<Picked> pick(Connection c, List<Share> shares) throws SQLException {
    Map<Picked, Integer> wanted = new LinkedHashMap<>();
    shares.forEach(
        s ->
            wanted.merge(
                new Picked(new TaskKey(s.jobNo(), 0), s.classId()), s.tasks(), Integer::sum));
    List<Map.Entry<Picked, Integer>> list = List.copyOf(wanted.entrySet());
    return Sql.query(
        c,
        PICK,
        r -> new Picked(new TaskKey(r.getLong(1), r.getInt(2)), r.getInt(3)),
        Sql.longs(c, list, e -> e.getKey().key().jobNo()),
        Sql.ints(c, list, e -> e.getKey().classId()),
        Sql.ints(c, list, Map.Entry::getValue));
  }

  private List<Pair> pair(
      Connection c, List<Picked> picked, List<Share> shares, Map<Long, Target> targets)
      throws SQLException {
    Map<Picked, ArrayDeque<Picked>> stock = new LinkedHashMap<>();
    for (Picked one : picked) {
      stock
          .computeIfAbsent(
              new Picked(new TaskKey(one.key().jobNo(), 0), one.classId()), _ -> new ArrayDeque<>())
          .add(one);
    }
    List<Pair> pairs = new ArrayList<>();
    for (Share share : shares) {
      ArrayDeque<Picked> left =
          stock.get(new Picked(new TaskKey(share.jobNo(), 0), share.classId()));
      Target target = targets.get(share.sessionNo());
      for (int i = 0; left != null && target != null && i < share.tasks() && !left.isEmpty(); i++) {
        pairs.add(pair(c, left.remove(), target));
      }
    }
    return pairs;
  }

  private Pair pair(Connection c, Picked task, Target target) throws SQLException {
    TaskSpec spec = catalog.job(c, task.key().jobNo()).template(task.key().index());
    Long silent = spec.hasProgressTimeout() ? millis(spec.getProgressTimeout()) : null;
    return new Pair(task, target, runMillis(spec), silent);
  }

  private long runMillis(TaskSpec spec) {
    return spec.hasRunTimeout() ? millis(spec.getRunTimeout()) : runMillis;
  }

  private static long millis(Duration duration) {
    return Math.max(1, Durations.toMillis(duration));
  }

  /** A worker of the old wire does not renew: its lease is as long as the task may run. */
  private List<Claimed> take(Connection c, List<Pair> pairs) throws SQLException {
    List<Claimed> claimed =
        Sql.query(
            c,
            TAKE,
            r -> claimed(c, r),
            Sql.longs(c, pairs, p -> p.task().key().jobNo()),
            Sql.ints(c, pairs, p -> p.task().key().index()),
            Sql.longs(c, pairs, p -> p.target().sessionNo()),
            Sql.longs(c, pairs, p -> p.target().oldWire() ? p.runMillis() : leaseMillis),
            Sql.longs(c, pairs, Pair::runMillis),
            c.createArrayOf("bigint", pairs.stream().map(Pair::silentMillis).toArray()));
    Tally tally = new Tally();
    for (Claimed one : claimed) {
      tally.move(one.key().jobNo(), one.classId(), TaskStatus.WAITING, TaskStatus.RUNNING, 1);
      if (one.token().getAttempt() > 1) {
        tally.runAgain(one.key().jobNo(), one.classId());
      }
    }
    tally.write(c);
    Sql.update(c, START_JOBS, Sql.longs(c, List.copyOf(tally.jobs()), j -> j));
    return claimed;
  }

  private Claimed claimed(Connection c, ResultSet r) throws SQLException {
    TaskKey key = new TaskKey(r.getLong(2), r.getInt(3));
    JobInfo job = catalog.job(c, key.jobNo());
    LeaseToken token =
        LeaseToken.newBuilder()
            .setTaskId(job.taskId(key.index()))
            .setAttempt(r.getInt(5))
            .setFence(r.getLong(6))
            .build();
    return new Claimed(
        r.getLong(1),
        job,
        key,
        r.getInt(4),
        token,
        runMillis(job.template(key.index())),
        Blobs.artifact(r.getBytes(7)),
        r.getInt(8));
  }
}
