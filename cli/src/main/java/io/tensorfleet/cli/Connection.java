package io.tensorfleet.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.local.FleetFile;
import io.tensorfleet.local.ground.KubeClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which fleet a command asks: the one that runs in a folder here, or one that is named. */
final class Connection {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".tensorfleet",
      description = "The folder of a fleet that runs here (default: ${DEFAULT-VALUE}).")
  Path home = Path.of(".tensorfleet");

  @Option(
      names = "--orchestrator",
      paramLabel = "HOST:PORT",
      description = "An orchestrator elsewhere, instead of the one of --home.")
  Optional<String> orchestrator = Optional.empty();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "A cluster elsewhere, for pools, instead of the API server of --home.")
  Optional<Path> kubeconfig = Optional.empty();

  OrchestratorClient orchestrator() {
    return new OrchestratorClient(orchestrator.orElseGet(() -> fleet().grpcAddress()));
  }

  Pools pools() {
    return new Pools(
        kubeconfig
            .map(Connection::readable)
            .map(KubeClients::read)
            .map(KubeClients::of)
            .orElseGet(() -> fleet().connect()));
  }

  /** The pools, where it is known in which cluster they are and that answers. */
  Optional<List<WorkerPool>> poolsIfKnown() {
    if (kubeconfig.isEmpty() && (orchestrator.isPresent() || FleetFile.read(home).isEmpty())) {
      return Optional.empty();
    }
    try (var pools = pools()) {
      return Optional.of(pools.list());
    } catch (KubernetesClientException unreachable) {
      return Optional.empty();
    }
  }

  private static Path readable(Path file) {
    if (!Files.isReadable(file)) {
      throw CliException.refused("--kubeconfig " + file + ": no file that can be read");
    }
    return file;
  }

  private FleetFile fleet() {
    return FleetFile.read(home)
        .orElseThrow(
            () ->
                CliException.failed(
                    "no fleet runs in "
                        + home
                        + ": start one with `tensorfleet up`, or name one with --orchestrator (pools: --kubeconfig)"));
  }
}
