package io.tensorfleet.e2e.drill;

import io.tensorfleet.local.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Where drills happen: a folder, and for all of them one PostgreSQL and, when one asks for it, one
 * control plane. What a drill starts is ended in the reverse order by {@link #clear}.
 */
public final class Ground implements AutoCloseable {
  private final Path folder;
  private final Database database;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private Optional<Cluster> cluster = Optional.empty();
  private int count;

  private Ground(Path folder, Database database) {
    this.folder = folder;
    this.database = database;
  }

  public static Ground open(Path folder) {
    return new Ground(folder, Database.start(folder.resolve("postgresql")));
  }

  /** A folder of its own for what comes next. */
  public synchronized Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(++count + "-" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An orchestrator process on a database of its own, with these settings besides. */
  public Queue queue(Map<String, String> settings) {
    return own(Queue.start(freshDatabase(), settings, folder("orchestrator")));
  }

  /** The control plane of all drills, started by the first that asks for it. */
  public synchronized Cluster cluster() {
    if (cluster.isEmpty()) {
      cluster = Optional.of(Cluster.start(this, folder.resolve("control-plane")));
    }
    return cluster.get();
  }

  private Map<String, String> freshDatabase() {
    String name = "drill_" + ++count;
    try (var connection = DriverManager.getConnection(database.url(), database.user(), "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("no database could be made: " + e.getMessage(), e);
    }
    String url = database.url().replaceFirst("/postgres$", "/" + name);
    return Map.of("DATABASE_URL", url, "DATABASE_USER", database.user());
  }

  /** Takes care of ending it. */
  public synchronized <T extends AutoCloseable> T own(T part) {
    open.push(part);
    return part;
  }

  /** Ends what the last drill started. */
  public synchronized void clear() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.err.println("drill: something did not end in order: " + e);
      }
    }
  }

  @Override
  public void close() {
    clear();
    cluster.ifPresent(Cluster::close);
    database.close();
  }
}
