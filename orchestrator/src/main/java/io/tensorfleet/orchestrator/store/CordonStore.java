package io.tensorfleet.orchestrator.store;

import io.tensorfleet.proto.v1.CordonRequest;
import io.tensorfleet.proto.v1.CordonResponse;
import io.tensorfleet.proto.v1.CordonResponse.Outcome;
import io.tensorfleet.proto.v1.UncordonRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Cordons and uncordons workers. The row lock taken here conflicts with the one that a claim takes
 * on each session it serves: a claim has either committed before, and its leases are counted, or it
 * sees the cordon.
 */
public final class CordonStore {
  private static final String LOCK =
      """
      SELECT session_no, incarnation FROM workers WHERE worker_id = ? AND current AND (? = '' OR incarnation = ?)
      FOR UPDATE
      """;
  private static final String BUSY =
      "SELECT count(*) FROM tasks WHERE state = 2 AND session_no = ?";
  private static final String SET = "UPDATE workers SET cordoned = ? WHERE session_no = ?";

  private record Row(long sessionNo, String incarnation) {}

  private final Database database;

  public CordonStore(Database database) {
    this.database = database;
  }

  public CordonResponse cordon(CordonRequest request) {
    return database.transact(
        c -> {
          Optional<Row> row = lock(c, request.getWorkerId(), request.getIncarnation());
          return row.isEmpty()
              ? CordonResponse.newBuilder().setOutcome(Outcome.OUTCOME_UNKNOWN).build()
              : cordon(c, row.get(), request.getOnlyIfIdle());
        });
  }

  private static CordonResponse cordon(Connection c, Row row, boolean onlyIfIdle)
      throws SQLException {
    int busy = Sql.first(c, BUSY, r -> r.getInt(1), row.sessionNo()).orElse(0);
    CordonResponse.Builder answer =
        CordonResponse.newBuilder().setIncarnation(row.incarnation()).setBusy(busy);
    if (onlyIfIdle && busy > 0) {
      return answer.setOutcome(Outcome.OUTCOME_BUSY).build();
    }
    Sql.update(c, SET, true, row.sessionNo());
    new Signal.SessionChanged(row.sessionNo()).send(c);
    return answer.setOutcome(Outcome.OUTCOME_CORDONED).build();
  }

  /** Whether a worker was there that is not cordoned now. */
  public boolean uncordon(UncordonRequest request) {
    return database.transact(
        c -> {
          Optional<Row> row = lock(c, request.getWorkerId(), request.getIncarnation());
          if (row.isPresent()) {
            Sql.update(c, SET, false, row.get().sessionNo());
            new Signal.SessionChanged(row.get().sessionNo()).send(c);
          }
          return row.isPresent();
        });
  }

  private static Optional<Row> lock(Connection c, String worker, String incarnation)
      throws SQLException {
    return Sql.first(
        c, LOCK, r -> new Row(r.getLong(1), r.getString(2)), worker, incarnation, incarnation);
  }
}
