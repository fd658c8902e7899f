package io.tensorfleet.orchestrator.store;

import io.tensorfleet.proto.v1.WorkerState;
import java.util.List;
import java.util.Optional;

/** Counts over all queues, for metrics. */
public final class TotalsStore {
  /** Workers connected and tasks queued. */
  public record Totals(long workers, long queued) {}

  private final Database database;

  public TotalsStore(Database database) {
    this.database = database;
  }

  public Totals read() {
    return database.transact(
        c ->
            Sql.first(
                    c,
                    """
                    SELECT (SELECT count(*) FROM workers WHERE current AND connected),
                      (SELECT coalesce(sum(waiting + delayed), 0) FROM counts WHERE active)
                    """,
                    r -> new Totals(r.getLong(1), r.getLong(2)))
                .orElseThrow());
  }

  /** All workers that are connected or hold leases. */
  public List<WorkerState> workers() {
    return database.transact(c -> WorkerReads.present(c, Optional.empty(), "", 10_000));
  }
}
