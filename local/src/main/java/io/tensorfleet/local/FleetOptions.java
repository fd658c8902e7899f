package io.tensorfleet.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a fleet is to be.
 *
 * @param home its folder: database, control plane, logs, kubeconfig, {@code fleet.json}
 * @param kubeconfig the cluster; with {@link GroundChoice#CLUSTER} only
 * @param worker the command that runs one worker
 * @param drainLimit how long running tasks may take to end when the fleet closes
 * @param ports where things listen
 * @param orchestrator further settings of the orchestrator, by environment variable
 */
public record FleetOptions(
    Path home,
    GroundChoice ground,
    Optional<Path> kubeconfig,
    List<String> worker,
    Duration drainLimit,
    Ports ports,
    Map<String, String> orchestrator) {

  /** Which Kubernetes API a fleet uses. */
  public enum GroundChoice {
    /** The real control plane where it has been built, else the embedded one. */
    AUTO,
    EMBEDDED,
    REAL,
    CLUSTER
  }

  /** Ports on loopback; 0 means any free one. */
  public record Ports(int grpc, int http, int apiServer) {
    public static final Ports ANY = new Ports(0, 0, 0);
  }

  public FleetOptions {
    home = home.toAbsolutePath().normalize();
    worker = List.copyOf(worker);
    orchestrator = Map.copyOf(orchestrator);
    if ((ground == GroundChoice.CLUSTER) != kubeconfig.isPresent()) {
      throw new FleetException(
          "a kubeconfig names the cluster of the ground 'cluster' and of no other: give both or neither");
    }
  }

  /**
   * A fleet in {@code home} on the ground that is at hand, its worker as this project builds it.
   */
  public static FleetOptions in(Path home) {
    return new FleetOptions(
        home,
        GroundChoice.AUTO,
        Optional.empty(),
        WorkerProgram.built().sparingCommand(),
        Duration.ofMinutes(11),
        Ports.ANY,
        Map.of());
  }

  /** The same on another ground. */
  public FleetOptions on(GroundChoice choice, Optional<Path> cluster) {
    return new FleetOptions(home, choice, cluster, worker, drainLimit, ports, orchestrator);
  }

  /** The same with these ports. */
  public FleetOptions with(Ports chosen) {
    return new FleetOptions(home, ground, kubeconfig, worker, drainLimit, chosen, orchestrator);
  }

  /** The same with running tasks given this long to end. */
  public FleetOptions draining(Duration limit) {
    return new FleetOptions(home, ground, kubeconfig, worker, limit, ports, orchestrator);
  }
}
