package io.tensorfleet.orchestrator;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for all tests of the run; a database of its own for whoever asks. */
final class Postgres {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private Postgres() {}

  private static final class Server {
    static final EmbeddedPostgres ONE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static OrchestratorConfig.Database fresh() {
    String name = "t" + NUMBERS.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return new OrchestratorConfig.Database(url(name), "postgres", "postgres");
  }

  private static String url(String name) {
    return Server.ONE.getJdbcUrl("postgres", name);
  }

  private static void execute(String database, String sql) {
    try (Connection c = Server.ONE.getDatabase("postgres", database).getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of the first row. */
  static long number(OrchestratorConfig.Database database, String sql) {
    try (Connection c =
            java.sql.DriverManager.getConnection(database.url(), "postgres", "postgres");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
