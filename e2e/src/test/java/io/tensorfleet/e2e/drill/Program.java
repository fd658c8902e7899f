package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import io.tensorfleet.e2e.Repository;
import io.tensorfleet.local.WorkerProgram;
import io.tensorfleet.local.process.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A delivered program as a process of its own; it does not outlive the drill. */
public final class Program implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** Of a program that lives for a drill; whoever measures gives another JDK_JAVA_OPTIONS. */
  private static final List<String> QUICK_START =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final int FIRST_CHARACTERS = 64_000;

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the program of a room; the worker's as it is delivered, with its AOT cache.
   *
   * @param folder where it works and its log is kept
   * @param before words before {@code java}, such as those that enter a network namespace
   */
  public static Program start(
      String room, List<String> before, Map<String, String> environment, Path folder) {
    Path log = folder.resolve(room + ".log");
    var all = new TreeMap<>(Children.basicEnvironment());
    all.putAll(environment);
    try {
      var command = Stream.concat(before.stream(), command(room, environment).stream()).toList();
      var started = new Children.Program(command, all, folder, log);
      return new Program(Children.start(started), log);
    } catch (IOException e) {
      throw new UncheckedIOException(room + " did not start: " + e.getMessage(), e);
    }
  }

  private static List<String> command(String room, Map<String, String> environment) {
    if (room.equals("worker")) {
      return WorkerProgram.built().command();
    }
    List<String> options = environment.containsKey("JDK_JAVA_OPTIONS") ? List.of() : QUICK_START;
    Path app = Path.of(room, "target", "app", "tensorfleet-" + room + "-app.jar");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-jar");
    command.add(Repository.root().resolve(app).toString());
    return command;
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public boolean alive() {
    return process.isAlive();
  }

  public Path log() {
    return log;
  }

  public String text() {
    try {
      return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for what the program says at its start; fails at once when it ends first. */
  public Matcher said(Pattern wanted) {
    return Await.value(START, "'" + wanted + "' in " + log, () -> look(wanted));
  }

  private Optional<Matcher> look(Pattern wanted) {
    boolean alive = alive();
    String text = text();
    Matcher matcher = wanted.matcher(text.substring(0, Math.min(text.length(), FIRST_CHARACTERS)));
    if (matcher.find()) {
      return Optional.of(matcher);
    }
    if (!alive) {
      throw new AssertionError("the program ended with " + process.exitValue() + ": " + text);
    }
    return Optional.empty();
  }

  /** Sends a signal by its name without SIG. */
  public void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0 && alive()) {
      throw new IOException("kill -" + name + " " + process.pid() + " ended with " + status);
    }
  }

  /** The exit status once it has ended; empty past the limit. */
  public Optional<Integer> exit(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  @Override
  public void close() {
    var children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }
}
