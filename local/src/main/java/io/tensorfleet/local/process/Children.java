package io.tensorfleet.local.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts child processes that do not outlive this JVM: the kernel kills them when it ends, in
 * whatever way (where {@code setpriv} is at hand; elsewhere a {@link PidFile} lets the next run
 * clean up).
 *
 * <p>All start from one thread, which lives as long as the JVM: the kernel's death signal follows
 * the starting thread, not the process.
 */
public final class Children {
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("child-starter").factory());

  private static final List<String> DIES_WITH_PARENT = diesWithParent();

  private Children() {}

  /**
   * A program to start.
   *
   * @param environment all of its environment: nothing is inherited
   * @param log where its output is appended
   */
  public record Program(
      List<String> command, Map<String, String> environment, Path folder, Path log) {
    public Program {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("a program needs a command");
      }
    }
  }

  /**
   * Starts a program.
   *
   * @throws IOException if there is no such program or it cannot be run
   */
  public static Process start(Program program) throws IOException {
    try {
      return CompletableFuture.supplyAsync(() -> startHere(program), STARTER).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof CannotStart cause) {
        throw new IOException(String.valueOf(cause.getMessage()), cause.getCause());
      }
      throw e;
    }
  }

  /** What a child may take over from this JVM's environment. */
  public static Map<String, String> basicEnvironment() {
    var environment = new TreeMap<String, String>();
    for (String name : List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME")) {
      Optional.ofNullable(System.getenv(name)).ifPresent(value -> environment.put(name, value));
    }
    return environment;
  }

  /** The program of this name on the PATH. */
  public static Optional<Path> onPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Process startHere(Program program) {
    var command = new ArrayList<>(DIES_WITH_PARENT);
    command.addAll(program.command());
    try {
      checkExists(program.command().getFirst());
      Files.createDirectories(program.log().toAbsolutePath().getParent());
      var builder = new ProcessBuilder(command).directory(program.folder().toFile());
      builder.environment().clear();
      builder.environment().putAll(program.environment());
      builder.redirectErrorStream(true);
      builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
      return builder.start();
    } catch (IOException e) {
      throw new CannotStart(String.valueOf(e.getMessage()), e);
    }
  }

  private static void checkExists(String program) throws IOException {
    boolean found =
        program.contains("/") ? Files.isExecutable(Path.of(program)) : onPath(program).isPresent();
    if (!found) {
      throw new IOException("no program '" + program + "' that can be run");
    }
  }

  private static List<String> diesWithParent() {
    return onPath("setpriv")
        .map(setpriv -> List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"))
        .orElse(List.of());
  }

  private static final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotStart(String message, IOException cause) {
      super(message, cause);
    }
  }
}
