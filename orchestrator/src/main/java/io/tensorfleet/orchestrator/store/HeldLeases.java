package io.tensorfleet.orchestrator.store;

import io.tensorfleet.orchestrator.core.TaskEvent;
import io.tensorfleet.orchestrator.core.TaskKey;
import io.tensorfleet.proto.v1.LeaseToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The leases that a session holds: kept through a reconnect, or taken back. */
public final class HeldLeases {
  private static final String HELD =
      "SELECT job_no, idx, fence FROM tasks WHERE state = 2 AND session_no = ? ORDER BY job_no, idx FOR UPDATE";
  private static final String KEEP =
      """
      UPDATE tasks t SET lease_until = now() + ? * interval '1 millisecond'
      FROM unnest(?, ?) AS x(job_no, idx) WHERE t.job_no = x.job_no AND t.idx = x.idx
      """;

  /** What a worker may keep after a hello; the rest of its leases went back to the queue. */
  public record Kept(Map<LeaseToken, TaskKey> tokens, TransitionStore.Applied released) {}

  private record Lease(TaskKey key, long fence) {}

  private final Database database;
  private final Catalog catalog;
  private final TransitionStore transitions;

  public HeldLeases(Database database, Catalog catalog, TransitionStore transitions) {
    this.database = database;
    this.catalog = catalog;
    this.transitions = transitions;
  }

  /**
   * Keeps those leases that the worker names and still owns; its others were lost on the way and go
   * back untried.
   */
  public Kept keep(long sessionNo, List<LeaseToken> named, Duration lease) {
    return database.transact(
        c -> {
          Map<TaskKey, LeaseToken> tokens = new HashMap<>();
          for (LeaseToken token : named) {
            catalog.key(c, token).ifPresent(key -> tokens.put(key, token));
          }
          Map<LeaseToken, TaskKey> kept = new HashMap<>();
          List<Change> back = new ArrayList<>();
          for (Lease held : held(c, sessionNo)) {
            LeaseToken token = tokens.get(held.key());
            if (token != null && token.getFence() == held.fence()) {
              kept.put(token, held.key());
            } else {
              back.add(
                  change(held, new TaskEvent.HandedBack("the lease did not reach the worker")));
            }
          }
          renew(c, List.copyOf(kept.values()), lease);
          return new Kept(kept, transitions.apply(c, back));
        });
  }

  private static void renew(Connection c, List<TaskKey> keys, Duration lease) throws SQLException {
    Sql.update(
        c,
        KEEP,
        lease.toMillis(),
        Sql.longs(c, keys, TaskKey::jobNo),
        Sql.ints(c, keys, TaskKey::index));
  }

  /** Takes all leases of a session back, because of what happened to its worker. */
  public TransitionStore.Applied release(long sessionNo, TaskEvent why) {
    return database.transact(
        c ->
            transitions.apply(
                c, held(c, sessionNo).stream().map(held -> change(held, why)).toList()));
  }

  private static List<Lease> held(Connection c, long sessionNo) throws SQLException {
    return Sql.query(
        c, HELD, r -> new Lease(new TaskKey(r.getLong(1), r.getInt(2)), r.getLong(3)), sessionNo);
  }

  private static Change change(Lease held, TaskEvent why) {
    return new Change(held.key(), held.fence(), why, Change.Report.NONE);
  }
}
