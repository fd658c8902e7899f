package io.tensorfleet.orchestrator.store;

import io.tensorfleet.proto.v1.Heartbeat;
import io.tensorfleet.proto.v1.Hello;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Worker sessions as all orchestrators see them: who is there, through which stream, cordoned or
 * not.
 */
public final class WorkerStore {
  private static final String FIND =
      "SELECT session_no, incarnation, cordoned, connected AND NOT old_wire FROM workers WHERE worker_id = ? AND current FOR UPDATE";
  private static final String OLDER =
      "SELECT 1 FROM workers WHERE worker_id = ? AND incarnation = ? AND NOT current";
  private static final String RETIRE =
      """
      UPDATE workers SET current = false, connected = false, disconnected_at = now()
      WHERE session_no = ?
      """;
  private static final String INSERT =
      """
      INSERT INTO workers (worker_id, incarnation, orchestrator, stream_no, old_wire, hello, queues, slots)
      VALUES (?, ?, ?, nextval('stream_numbers'), ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING session_no, stream_no
      """;
  private static final String REJOIN =
      """
      UPDATE workers SET orchestrator = ?, stream_no = nextval('stream_numbers'), hello = ?, queues = ?, slots = ?,
        connected = true, connected_at = now(), disconnected_at = NULL, draining = false, last_heartbeat = now()
      WHERE session_no = ? RETURNING session_no, stream_no
      """;
  private static final String BEAT =
      """
      UPDATE workers w SET last_heartbeat = now(), cpu_percent = x.cpu, memory_bytes = x.memory,
        uptime_seconds = x.uptime, connected = true, disconnected_at = NULL
      FROM unnest(?, ?, ?, ?, ?) AS x(session_no, stream_no, cpu, memory, uptime)
      WHERE w.session_no = x.session_no AND w.stream_no = x.stream_no AND w.current
      """;

  /** A stream's place among the sessions. */
  public record Joined(long sessionNo, long streamNo, boolean cordoned, Optional<Long> replaced) {}

  private record Row(long sessionNo, String incarnation, boolean cordoned, boolean streams) {}

  private final Database database;
  private final String orchestratorId;

  public WorkerStore(Database database, String orchestratorId) {
    this.database = database;
    this.orchestratorId = orchestratorId;
  }

  /**
   * Takes the worker in; empty when this incarnation was already replaced by a newer one, or when a
   * call of the old wire comes from a worker that has a Work stream.
   */
  public Optional<Joined> join(Hello hello, boolean oldWire) {
    for (int i = 0; i < 10; i++) {
      Attempt attempt = database.transact(c -> join(c, hello, oldWire));
      if (!attempt.overtaken()) {
        return attempt.joined();
      }
    }
    throw new IllegalStateException(
        "worker " + hello.getWorkerId() + " says hello on many streams at once");
  }

  /**
   * One try to join.
   *
   * @param overtaken another stream of the same worker was faster: look again
   */
  private record Attempt(boolean overtaken, Optional<Joined> joined) {}

  private Attempt join(Connection c, Hello hello, boolean oldWire) throws SQLException {
    Optional<Row> row =
        Sql.first(
            c,
            FIND,
            r -> new Row(r.getLong(1), r.getString(2), r.getBoolean(3), r.getBoolean(4)),
            hello.getWorkerId());
    if (row.isPresent() && row.get().incarnation().equals(hello.getIncarnation())) {
      new Signal.SessionChanged(row.get().sessionNo()).send(c);
      return new Attempt(false, rejoin(c, row.get(), hello));
    }
    if (oldWire && row.isPresent() && row.get().streams()) {
      return new Attempt(false, Optional.empty());
    }
    if (!oldWire
        && Sql.first(c, OLDER, _ -> true, hello.getWorkerId(), hello.getIncarnation())
            .isPresent()) {
      return new Attempt(false, Optional.empty());
    }
    Optional<Long> replaced = row.map(Row::sessionNo);
    if (replaced.isPresent()) {
      Sql.update(c, RETIRE, replaced.get());
      new Signal.SessionChanged(replaced.get()).send(c);
    }
    Optional<Joined> inserted = insert(c, hello, oldWire, replaced);
    return new Attempt(inserted.isEmpty(), inserted);
  }

  private Optional<Joined> rejoin(Connection c, Row row, Hello hello) throws SQLException {
    return Sql.first(
        c,
        REJOIN,
        r -> new Joined(r.getLong(1), r.getLong(2), row.cordoned(), Optional.empty()),
        orchestratorId,
        hello.toBuilder().clearHeld().build().toByteArray(),
        queues(c, hello),
        hello.getSlots(),
        row.sessionNo());
  }

  private Optional<Joined> insert(
      Connection c, Hello hello, boolean oldWire, Optional<Long> replaced) throws SQLException {
    return Sql.first(
        c,
        INSERT,
        r -> new Joined(r.getLong(1), r.getLong(2), false, replaced),
        hello.getWorkerId(),
        hello.getIncarnation(),
        orchestratorId,
        oldWire,
        hello.toBuilder().clearHeld().build().toByteArray(),
        queues(c, hello),
        hello.getSlots());
  }

  private static java.sql.Array queues(Connection c, Hello hello) throws SQLException {
    return Sql.texts(c, queues(hello), q -> q);
  }

  /** The queues that a worker serves. */
  public static List<String> queues(Hello hello) {
    return hello.getQueuesCount() == 0 ? List.of("default") : hello.getQueuesList();
  }

  /**
   * The stream broke or ended; a newer stream of the session is left alone. A heartbeat of it that
   * is written later finds no stream to speak for.
   */
  public void left(long sessionNo, long streamNo) {
    database.transact(
        c ->
            Sql.update(
                c,
                "UPDATE workers SET connected = false, disconnected_at = now(), stream_no = 0 WHERE session_no = ? AND stream_no = ?",
                sessionNo,
                streamNo));
  }

  public void draining(long sessionNo) {
    database.transact(
        c -> Sql.update(c, "UPDATE workers SET draining = true WHERE session_no = ?", sessionNo));
  }

  /** A heartbeat that came through a stream of a session. */
  public record Beat(long sessionNo, long streamNo, Heartbeat said) {}

  /** Writes what heartbeats said of their workers: at most one a session. */
  public void beats(List<Beat> beats) {
    List<Beat> all = beats.stream().sorted(Comparator.comparingLong(Beat::sessionNo)).toList();
    database.transact(
        c ->
            Sql.update(
                c,
                BEAT,
                Sql.longs(c, all, Beat::sessionNo),
                Sql.longs(c, all, Beat::streamNo),
                Sql.doubles(c, all, b -> b.said().getCpuPercent()),
                Sql.longs(c, all, b -> b.said().getMemoryBytes()),
                Sql.longs(c, all, b -> b.said().getUptimeSeconds())));
  }

  /** A session's state as it is now: which stream is its newest, and whether it is cordoned. */
  public record State(long sessionNo, long streamNo, boolean current, boolean cordoned) {}

  public List<State> states(Set<Long> sessions) {
    return database.transact(
        c ->
            Sql.query(
                c,
                "SELECT session_no, stream_no, current, cordoned FROM workers WHERE session_no = ANY (?)",
                r -> new State(r.getLong(1), r.getLong(2), r.getBoolean(3), r.getBoolean(4)),
                Sql.longs(c, List.copyOf(new HashSet<>(sessions)), s -> s)));
  }
}
