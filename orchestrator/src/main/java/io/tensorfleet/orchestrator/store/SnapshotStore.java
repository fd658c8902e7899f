package io.tensorfleet.orchestrator.store;

import com.google.protobuf.Duration;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.TaskClass;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads a queue as it is now: from counters, active workers and running tasks only, never from
 * finished ones.
 */
public final class SnapshotStore {
  private static final String CLASSES =
      """
      SELECT k.model_type, k.requires, k.mean_seconds, sum(c.waiting) AS waiting, sum(c.delayed) AS delayed,
        sum(c.running) AS running, min(j.created_at) FILTER (WHERE c.waiting > 0) AS oldest
      FROM counts c JOIN classes k USING (class_id) JOIN jobs j USING (job_no)
      WHERE c.active AND c.queue = ? GROUP BY k.class_id ORDER BY k.class_id
      """;

  private record Row(TaskClass taskClass, Optional<Instant> oldest) {}

  private final Database database;

  public SnapshotStore(Database database) {
    this.database = database;
  }

  /** The queue without a version; all parts are of one moment. */
  public QueueSnapshot read(String queue, Instant now) {
    return database.transact(
        c -> {
          c.createStatement().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
          QueueSnapshot.Builder snapshot =
              QueueSnapshot.newBuilder().setQueue(queue).setObservedAt(Sql.timestamp(now));
          addClasses(c, snapshot, now);
          return snapshot
              .addAllWorkers(WorkerReads.present(c, Optional.of(queue), "", 100_000))
              .build();
        });
  }

  private static void addClasses(Connection c, QueueSnapshot.Builder snapshot, Instant now)
      throws SQLException {
    List<Row> rows = Sql.query(c, CLASSES, SnapshotStore::row, snapshot.getQueue());
    for (Row row : rows) {
      snapshot
          .addClasses(row.taskClass())
          .setWaiting(snapshot.getWaiting() + row.taskClass().getWaiting())
          .setRunning(snapshot.getRunning() + row.taskClass().getRunning())
          .setDelayed(snapshot.getDelayed() + row.taskClass().getDelayed());
    }
    rows.stream()
        .flatMap(r -> r.oldest().stream())
        .min(Instant::compareTo)
        .ifPresent(oldest -> snapshot.setOldestAge(age(oldest, now)));
  }

  private static Duration age(Instant oldest, Instant now) {
    java.time.Duration age = java.time.Duration.between(oldest, now);
    return age.isNegative()
        ? Duration.getDefaultInstance()
        : Duration.newBuilder().setSeconds(age.getSeconds()).setNanos(age.getNano()).build();
  }

  private static Row row(ResultSet r) throws SQLException {
    TaskClass taskClass =
        TaskClass.newBuilder()
            .setModelType(r.getString("model_type"))
            .setRequires(Blobs.parse(Requirements.parser(), r.getBytes("requires")))
            .setWaiting(r.getLong("waiting"))
            .setRunning(r.getLong("running"))
            .setMeanSeconds(r.getDouble("mean_seconds"))
            .setDelayed(r.getLong("delayed"))
            .build();
    return new Row(taskClass, Optional.ofNullable(Sql.instant(r, "oldest")));
  }
}
