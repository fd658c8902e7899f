package io.tensorfleet.orchestrator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The connections to the database, and transactions on them. Deadlocks and lost races are tried
 * again.
 */
public final class Database implements AutoCloseable {
  private static final int TRIES = 5;
  private final HikariDataSource pool;
  private final PGSimpleDataSource plain;

  /** What a transaction does; may run more than once. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T in(Connection connection) throws SQLException;
  }

  private Database(HikariDataSource pool, PGSimpleDataSource plain) {
    this.pool = pool;
    this.plain = plain;
  }

  /** Connects and brings the schema up to date; orchestrators that start together take turns. */
  public static Database open(String url, String user, String password) {
    PGSimpleDataSource plain = new PGSimpleDataSource();
    plain.setURL(url);
    plain.setUser(user);
    plain.setPassword(password);
    plain.setTcpKeepAlive(true);
    plain.setApplicationName("tensorfleet-orchestrator");
    HikariConfig config = new HikariConfig();
    config.setDataSource(plain);
    config.setMaximumPoolSize(12);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(5_000);
    config.setAutoCommit(false);
    config.setPoolName("queue");
    HikariDataSource pool = new HikariDataSource(config);
    try {
      Flyway.configure().dataSource(plain).locations("classpath:db/migration").load().migrate();
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
    return new Database(pool, plain);
  }

  /** Runs the work in one transaction and commits it. */
  public <T extends @Nullable Object> T transact(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (attempt >= TRIES || !lostRace(e)) {
          throw new DatabaseException(e);
        }
      }
    }
  }

  private <T extends @Nullable Object> T once(Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        if (!connection.isClosed()) {
          connection.rollback();
        }
        throw e;
      }
    }
  }

  private static boolean lostRace(SQLException e) {
    return "40P01".equals(e.getSQLState()) || "40001".equals(e.getSQLState());
  }

  /** A connection of its own, outside the pool, for LISTEN. */
  Connection listener() throws SQLException {
    return plain.getConnection();
  }

  /** Whether the database answers. */
  public boolean answers() {
    try {
      return transact(c -> c.isValid(2));
    } catch (DatabaseException e) {
      return false;
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
