package io.tensorfleet.cli;

import io.tensorfleet.local.FleetOptions;
import io.tensorfleet.local.FleetOptions.GroundChoice;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a fleet lives and on which ground it stands, for the commands that start one. */
final class FleetOption {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".tensorfleet",
      description = "The fleet's folder: database, logs, kubeconfig (default: ${DEFAULT-VALUE}).")
  Path home = Path.of(".tensorfleet");

  @Option(
      names = "--ground",
      paramLabel = "GROUND",
      defaultValue = "auto",
      description = {
        "Which Kubernetes API: embedded (in this process), real (etcd and kube-apiserver on this machine, "
            + "see `make kube`), cluster (yours, needs --kubeconfig), or auto: real where it is built, "
            + "else embedded (default: ${DEFAULT-VALUE})."
      })
  GroundChoice ground = GroundChoice.AUTO;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "The cluster, for --ground cluster; the current context is never taken by itself.")
  Optional<Path> kubeconfig = Optional.empty();

  /** The fleet asked for; what does not go together is refused. */
  FleetOptions options() {
    if (ground == GroundChoice.CLUSTER && kubeconfig.isEmpty()) {
      throw CliException.refused(
          "--ground cluster needs --kubeconfig FILE: name the cluster, it is never guessed");
    }
    if (ground != GroundChoice.CLUSTER && kubeconfig.isPresent()) {
      throw CliException.refused("--kubeconfig goes with --ground cluster only");
    }
    return FleetOptions.in(home).on(ground, kubeconfig);
  }
}
