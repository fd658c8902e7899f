package io.tensorfleet.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The worker as a program of this machine: what Maven built in its room. */
public final class WorkerProgram {
  private final Path folder;

  private WorkerProgram(Path folder) {
    this.folder = folder;
  }

  /**
   * The one under the folder that the system property {@code tensorfleet.root} names, else under
   * the working directory.
   */
  public static WorkerProgram built() {
    Path root = Path.of(Optional.ofNullable(System.getProperty("tensorfleet.root")).orElse(""));
    return new WorkerProgram(root.resolve("worker/target/app").toAbsolutePath().normalize());
  }

  /** Its command, as it is delivered; the AOT cache is left out where it was not made. */
  public List<String> command() {
    return command(cache());
  }

  /**
   * The same for many at once on the cores of one machine: with the quick compiler alone they start
   * sooner, and simulated training needs no more.
   */
  public List<String> sparingCommand() {
    var flags = new ArrayList<>(cache());
    flags.add("-XX:TieredStopAtLevel=1");
    return command(flags);
  }

  /** Its command without an AOT cache. */
  public List<String> commandWithoutCache() {
    return command(List.of());
  }

  private List<String> cache() {
    Path cache = folder.resolve("worker.aot");
    return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
  }

  private List<String> command(List<String> flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + folder.resolve("jvm.args"));
    command.addAll(flags);
    command.add("-jar");
    command.add(folder.resolve("tensorfleet-worker-app.jar").toString());
    return List.copyOf(command);
  }
}
