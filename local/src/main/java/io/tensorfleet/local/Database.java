package io.tensorfleet.local;

import io.tensorfleet.local.process.PidFile;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A PostgreSQL of this machine, its data in a folder that survives it. Every commit is on disk. */
public final class Database implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final EmbeddedPostgres server;
  private final Path data;

  private Database(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.data = data;
  }

  /** Starts it; one that a crashed fleet left running on the same data is ended first. */
  public static Database start(Path data) {
    endEarlierRun(data);
    try {
      Files.createDirectories(data.toAbsolutePath().getParent());
      return new Database(
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setPGStartupWait(Duration.ofSeconds(60))
              .start(),
          data);
    } catch (IOException | IllegalStateException e) {
      throw new FleetException("PostgreSQL did not start on " + data + ": " + e.getMessage(), e);
    }
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
  }

  public String user() {
    return "postgres";
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL could not be stopped", e);
    } finally {
      // it waits five seconds for the server and then leaves it, which a busy machine can need
      endEarlierRun(data);
    }
  }

  private static void endEarlierRun(Path data) {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    try {
      postmaster(pidFile, data).ifPresent(process -> PidFile.end(process, GRACE));
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + pidFile, e);
    }
  }

  /** The process that the file names, if it is a PostgreSQL on these data. */
  private static Optional<ProcessHandle> postmaster(Path pidFile, Path data) throws IOException {
    try {
      long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
      return ProcessHandle.of(pid)
          .filter(
              process ->
                  process
                      .info()
                      .commandLine()
                      .filter(line -> line.contains("postgres") && line.contains(data.toString()))
                      .isPresent());
    } catch (RuntimeException unreadable) {
      return Optional.empty();
    }
  }
}
