package io.tensorfleet.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file that names one process by its number and the moment of its start, so that a number used
 * again by another program is never mistaken for it.
 */
public record PidFile(Path file) {

  /** Writes the file, replacing what was there. */
  public void write(ProcessHandle process) {
    long start = startMillis(process);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, process.pid() + " " + start + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** The process, if it is the one that was written and is alive. */
  public Optional<ProcessHandle> process() {
    try {
      String[] words = Files.readString(file).strip().split(" ", -1);
      long start = Long.parseLong(words[1]);
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(ProcessHandle::isAlive)
          .filter(process -> startMillis(process) == start);
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  /** Removes the file, if there is one. */
  public void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }

  /**
   * Ends the process of an earlier run, if it is alive: SIGTERM, then SIGKILL after {@code grace}.
   *
   * @return whether there was one
   */
  public boolean endProcess(Duration grace) {
    Optional<ProcessHandle> found = process();
    found.ifPresent(process -> end(process, grace));
    remove();
    return found.isPresent();
  }

  /** SIGTERM, then SIGKILL after {@code grace}; returns when the process is gone. */
  public static void end(ProcessHandle process, Duration grace) {
    CompletableFuture<ProcessHandle> exit = process.onExit();
    process.destroy();
    if (!awaited(exit, grace)) {
      process.destroyForcibly();
      awaited(exit, Duration.ofSeconds(10));
    }
  }

  private static boolean awaited(CompletableFuture<ProcessHandle> exit, Duration limit) {
    try {
      exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot wait for a process", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
