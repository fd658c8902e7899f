package io.tensorfleet.orchestrator.store;

import io.tensorfleet.proto.v1.Hello;
import io.tensorfleet.proto.v1.WorkerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the workers that are connected or hold leases. */
public final class WorkerReads {
  private static final String PRESENT =
      """
      SELECT w.*, coalesce(h.tasks, '{}') AS tasks FROM workers w LEFT JOIN (
        SELECT t.session_no, array_agg(j.job_id || '-' || t.idx ORDER BY t.job_no, t.idx) AS tasks
        FROM tasks t JOIN jobs j USING (job_no) WHERE t.state = 2 GROUP BY t.session_no) h USING (session_no)
      WHERE w.current AND (w.connected OR h.tasks IS NOT NULL) AND w.worker_id > ? AND (? = '' OR ? = ANY (w.queues))
      ORDER BY w.worker_id LIMIT ?
      """;

  private final Database database;

  public WorkerReads(Database database) {
    this.database = database;
  }

  /** Workers after the given id, in the order of their ids. */
  public List<WorkerState> present(Optional<String> queue, String after, int most) {
    return database.transact(c -> present(c, queue, after, most));
  }

  /** The queues that a worker serves; empty when there is no such worker. */
  public Optional<List<String>> queues(String workerId) {
    return database.transact(
        c ->
            Sql.first(
                c,
                "SELECT queues FROM workers WHERE worker_id = ? AND current",
                r -> List.of((String[]) r.getArray(1).getArray()),
                workerId));
  }

  static List<WorkerState> present(Connection c, Optional<String> queue, String after, int most)
      throws SQLException {
    String name = queue.orElse("");
    return Sql.query(c, PRESENT, WorkerReads::state, after, name, name, most);
  }

  private static WorkerState state(ResultSet r) throws SQLException {
    Hello hello = Blobs.parse(Hello.parser(), r.getBytes("hello"));
    String[] tasks = (String[]) r.getArray("tasks").getArray();
    WorkerState.Builder state =
        WorkerState.newBuilder()
            .setWorkerId(r.getString("worker_id"))
            .setIncarnation(r.getString("incarnation"))
            .setSlots(r.getInt("slots"))
            .setBusy(tasks.length)
            .setCordoned(r.getBoolean("cordoned"))
            .setConnected(r.getBoolean("connected"))
            .setDraining(r.getBoolean("draining"))
            .setCapabilities(hello.getCapabilities())
            .putAllLabels(hello.getLabelsMap())
            .addAllQueues(Arrays.asList((String[]) r.getArray("queues").getArray()))
            .addAllTaskIds(Arrays.asList(tasks))
            .setTasksCompleted(r.getLong("tasks_completed"))
            .setCpuPercent(r.getDouble("cpu_percent"))
            .setMemoryBytes(r.getLong("memory_bytes"))
            .setVersion(hello.getVersion())
            .setUptimeSeconds(r.getLong("uptime_seconds"));
    Optional.ofNullable(Sql.timestamp(r, "connected_at")).ifPresent(state::setConnectedAt);
    Optional.ofNullable(Sql.timestamp(r, "last_heartbeat")).ifPresent(state::setLastHeartbeat);
    return state.build();
  }
}
