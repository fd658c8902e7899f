package io.tensorfleet.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What orchestrators of one database tell one another; a hint only: whoever misses one finds out by
 * polling.
 */
public sealed interface Signal {
  String CHANNEL = "tensorfleet";

  /** Tasks wait that did not before. */
  record Work() implements Signal {}

  /** A queue, or a job in it, looks different now. */
  record QueueChanged(String queue) implements Signal {}

  /** Running tasks of the job were cancelled or expired: their workers should stop. */
  record JobStopped(long jobNo) implements Signal {}

  /** A session was cordoned, uncordoned or replaced. */
  record SessionChanged(long sessionNo) implements Signal {}

  /** Sends it when the transaction commits. */
  default void send(Connection c) throws SQLException {
    Sql.query(c, "SELECT pg_notify(?, ?)", _ -> true, CHANNEL, text());
  }

  private String text() {
    return switch (this) {
      case Work() -> "work:";
      case QueueChanged(String queue) -> "queue:" + queue;
      case JobStopped(long jobNo) -> "job:" + jobNo;
      case SessionChanged(long sessionNo) -> "session:" + sessionNo;
    };
  }

  static Optional<Signal> parse(String text) {
    int colon = text.indexOf(':');
    String value = text.substring(colon + 1);
    return switch (text.substring(0, Math.max(colon, 0))) {
      case "work" -> Optional.of(new Work());
      case "queue" -> Optional.of(new QueueChanged(value));
      case "job" -> Optional.of(new JobStopped(Long.parseLong(value)));
      case "session" -> Optional.of(new SessionChanged(Long.parseLong(value)));
      default -> Optional.empty();
    };
  }
}
