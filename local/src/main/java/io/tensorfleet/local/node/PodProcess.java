package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.local.process.Children;
import io.tensorfleet.local.process.PidFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process of one Pod, with its probes. Used by one thread; only {@link #kill} may come from
 * others.
 */
final class PodProcess {
  private final Surroundings surroundings;
  private final String address;
  private final PidFile pidFile;
  private final Runnable changed;
  private Run run = new Run.NotStarted();
  private volatile @Nullable Process process;
  private @Nullable ProbeRunner probes;

  /** What the processes of a node share. */
  record Surroundings(NodeOptions options, ProbeRunner.Tools tools) {
    InstantSource clock() {
      return tools.clock();
    }
  }

  PodProcess(Pod pod, String address, Surroundings surroundings, Runnable changed) {
    this.surroundings = surroundings;
    this.address = address;
    this.changed = changed;
    this.pidFile = pidFile(surroundings.options().home(), pod);
  }

  /** Where the numbers of running Pods' processes are written. */
  static Path pidFolder(Path home) {
    return home.resolve("run").resolve("pods");
  }

  private static PidFile pidFile(Path home, Pod pod) {
    return new PidFile(pidFolder(home).resolve(pod.getMetadata().getUid() + ".pid"));
  }

  /** What it did when last looked at. */
  Run run() {
    return run;
  }

  /** What it does now. */
  Run look() {
    var child = process;
    if (child != null && run instanceof Run.Running running && !child.isAlive()) {
      run = new Run.Ended(child.exitValue(), running.since(), surroundings.clock().instant());
      process = null;
      closeProbes();
      pidFile.remove();
    }
    return run;
  }

  PodLife.Probes probes() {
    return probes == null ? PodLife.Probes.SILENT : probes.verdict();
  }

  void start(Pod pod) {
    Container container = Containers.worker(pod);
    Optional<List<String>> program = surroundings.options().program(container.getImage());
    if (program.isEmpty()) {
      run =
          new Run.Impossible(
              "ImagePullBackOff",
              "image '"
                  + container.getImage()
                  + "' stands for no program on this node; it knows "
                  + surroundings.options().images().keySet().stream().sorted().toList());
      return;
    }
    try {
      begin(pod, container, Containers.command(container, program.get()));
    } catch (Containers.Unsupported e) {
      run = new Run.Impossible("CreateContainerConfigError", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      run = new Run.Impossible("RunContainerError", String.valueOf(e.getMessage()));
    }
  }

  private void begin(Pod pod, Container container, List<String> command) throws IOException {
    Map<String, String> environment = Children.basicEnvironment();
    environment.put("HOSTNAME", pod.getMetadata().getName());
    environment.putAll(Containers.environment(pod, address));
    environment.put("BIND_ADDRESS", address);
    Path home = surroundings.options().home();
    Path log = home.resolve("logs").resolve(pod.getMetadata().getName() + ".log");
    var child = Children.start(new Children.Program(command, environment, home, log));
    pidFile.write(child.toHandle());
    process = child;
    run = new Run.Running(child.pid(), surroundings.clock().instant());
    probes = new ProbeRunner(container, address, surroundings.tools(), changed);
    var _ = child.onExit().thenRun(changed);
  }

  void terminate() {
    var child = process;
    if (child != null) {
      child.destroy();
    }
  }

  /** SIGKILL. Returns false when nothing runs. */
  boolean kill() {
    var child = process;
    if (child == null || !child.isAlive()) {
      return false;
    }
    child.destroyForcibly();
    return true;
  }

  private void closeProbes() {
    if (probes != null) {
      probes.close();
      probes = null;
    }
  }

  /** When the run that is lost with a crashed node process ended, as far as one can know. */
  static Run.Ended lostRun(Instant now) {
    return new Run.Ended(137, now, now);
  }
}
