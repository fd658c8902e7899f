package io.tensorfleet.orchestrator.store;

import com.google.protobuf.util.Durations;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.proto.v1.Progress;
import io.tensorfleet.proto.v1.TaskSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Renews leases and stores progress, each only under the lease's own fence: one statement for many.
 */
public final class LeaseStore {
  private static final String RENEW =
      """
      UPDATE tasks t SET lease_until = greatest(t.lease_until, now() + ? * interval '1 millisecond')
      FROM unnest(?, ?, ?, ?) AS x(job_no, idx, fence, session_no)
      WHERE t.job_no = x.job_no AND t.idx = x.idx AND t.fence = x.fence AND t.session_no = x.session_no AND t.state = 2
      RETURNING t.job_no, t.idx, t.fence, t.session_no
      """;
  private static final String PROGRESS =
      """
      UPDATE tasks t SET epochs_done = x.epochs, metrics = coalesce(x.metrics, t.metrics),
        checkpoint = coalesce(x.checkpoint, t.checkpoint),
        progress_until = CASE WHEN x.silent IS NOT NULL THEN now() + x.silent * interval '1 millisecond' END
      FROM unnest(?, ?, ?, ?, ?, ?, ?) AS x(job_no, idx, fence, epochs, metrics, checkpoint, silent)
      WHERE t.job_no = x.job_no AND t.idx = x.idx AND t.fence = x.fence AND t.state = 2
      RETURNING t.job_no, t.idx, t.fence
      """;
  private static final String LOG =
      """
      INSERT INTO task_logs (job_no, idx, attempt, text)
      SELECT job_no, idx, attempt, text FROM unnest(?, ?, ?, ?) AS x(job_no, idx, attempt, text)
      """;

  /** Progress stands under its fence alone. */
  private static final long ANY = 0;

  /** A token with the session that names it. */
  public record Named(long sessionNo, LeaseToken token) {}

  private record Keyed<T>(TaskKey key, long fence, long session, T value) {
    Row row() {
      return new Row(key, fence, session);
    }
  }

  private record Row(TaskKey key, long fence, long session) {}

  private record Line(TaskKey key, int attempt, String text) {}

  private final Database database;
  private final Catalog catalog;
  private final Duration lease;

  public LeaseStore(Database database, Catalog catalog, Duration lease) {
    this.database = database;
    this.catalog = catalog;
    this.lease = lease;
  }

  /** Renews all that are still their session's own, and returns those. */
  public Set<Named> renew(List<Named> named) {
    return database.transact(
        c -> {
          List<Keyed<Named>> keyed = keyed(c, named, n -> n);
          List<Row> rows =
              Sql.query(
                  c,
                  RENEW,
                  r -> new Row(new TaskKey(r.getLong(1), r.getInt(2)), r.getLong(3), r.getLong(4)),
                  lease.toMillis(),
                  Sql.longs(c, keyed, k -> k.key().jobNo()),
                  Sql.ints(c, keyed, k -> k.key().index()),
                  Sql.longs(c, keyed, Keyed::fence),
                  Sql.longs(c, keyed, k -> k.value().sessionNo()));
          return matching(keyed, rows);
        });
  }

  /** Stores the progress of all leases that are still valid, and returns it. */
  public Set<Progress> progress(List<Progress> progress) {
    return database.transact(
        c -> {
          List<Keyed<Progress>> keyed = keyed(c, progress, p -> new Named(ANY, p.getToken()));
          Set<Progress> stored = matching(keyed, store(c, keyed));
          log(c, keyed.stream().filter(k -> stored.contains(k.value())).toList());
          return stored;
        });
  }

  private List<Row> store(Connection c, List<Keyed<Progress>> keyed) throws SQLException {
    Map<Keyed<Progress>, Long> silent = new HashMap<>();
    for (Keyed<Progress> one : keyed) {
      TaskSpec spec = catalog.job(c, one.key().jobNo()).template(one.key().index());
      if (spec.hasProgressTimeout()) {
        silent.put(one, Math.max(1, Durations.toMillis(spec.getProgressTimeout())));
      }
    }
    return Sql.query(
        c,
        PROGRESS,
        r -> new Row(new TaskKey(r.getLong(1), r.getInt(2)), r.getLong(3), ANY),
        Sql.longs(c, keyed, k -> k.key().jobNo()),
        Sql.ints(c, keyed, k -> k.key().index()),
        Sql.longs(c, keyed, Keyed::fence),
        Sql.ints(c, keyed, k -> k.value().getEpochsDone()),
        Sql.blobs(c, keyed, k -> Sql.bytes(k.value().getMetrics())),
        Sql.blobs(c, keyed, k -> Sql.bytes(k.value().getCheckpoint())),
        c.createArrayOf("bigint", keyed.stream().map(silent::get).toArray()));
  }

  private static void log(Connection c, List<Keyed<Progress>> stored) throws SQLException {
    List<Line> lines = new ArrayList<>();
    for (Keyed<Progress> one : stored) {
      int attempt = one.value().getToken().getAttempt();
      one.value()
          .getLogLinesList()
          .forEach(text -> lines.add(new Line(one.key(), attempt, text.replace("\0", ""))));
    }
    if (!lines.isEmpty()) {
      Sql.update(
          c,
          LOG,
          Sql.longs(c, lines, l -> l.key().jobNo()),
          Sql.ints(c, lines, l -> l.key().index()),
          Sql.ints(c, lines, Line::attempt),
          Sql.texts(c, lines, Line::text));
    }
  }

  /** In the order in which rows are locked; the last one wins where two name the same lease. */
  private <T> List<Keyed<T>> keyed(Connection c, List<T> values, Function<T, Named> name)
      throws SQLException {
    Map<Row, Keyed<T>> found = new HashMap<>();
    for (T value : values) {
      Named named = name.apply(value);
      Optional<TaskKey> key = catalog.key(c, named.token());
      key.map(k -> new Keyed<>(k, named.token().getFence(), named.sessionNo(), value))
          .ifPresent(k -> found.put(k.row(), k));
    }
    return found.values().stream()
        .sorted(Comparator.comparing((Keyed<T> k) -> k.key()).thenComparingLong(Keyed::fence))
        .toList();
  }

  private static <T> Set<T> matching(List<Keyed<T>> keyed, List<Row> rows) {
    Set<Row> good = new HashSet<>(rows);
    Set<T> values = new HashSet<>();
    keyed.stream().filter(k -> good.contains(k.row())).forEach(k -> values.add(k.value()));
    return values;
  }
}
