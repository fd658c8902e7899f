package io.tensorfleet.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals of all orchestrators of the database on a connection of its own; connects again
 * when it breaks.
 */
public final class SignalListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignalListener.class);
  private final Database database;
  private final Consumer<Signal> consumer;
  private final Thread thread;
  private volatile boolean stopped;

  public SignalListener(Database database, Consumer<Signal> consumer) {
    this.database = database;
    this.consumer = consumer;
    this.thread = Thread.ofPlatform().name("signals").daemon().start(this::run);
  }

  private void run() {
    while (!stopped) {
      try (Connection connection = database.listener();
          Statement statement = connection.createStatement()) {
        statement.execute("LISTEN " + Signal.CHANNEL);
        hear(connection.unwrap(PGConnection.class));
      } catch (SQLException e) {
        if (!stopped) {
          LOG.warn(
              "Signals of other orchestrators are not heard until the database answers: {}",
              e.getMessage());
          LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        }
      }
    }
  }

  private void hear(PGConnection connection) throws SQLException {
    while (!stopped) {
      PGNotification[] heard = connection.getNotifications(500);
      for (PGNotification one : heard == null ? new PGNotification[0] : heard) {
        Signal.parse(one.getParameter()).ifPresent(consumer);
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
