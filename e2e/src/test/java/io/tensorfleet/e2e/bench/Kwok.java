package io.tensorfleet.e2e.bench;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tensorfleet.e2e.drill.Cluster;
import io.tensorfleet.e2e.drill.Ground;
import io.tensorfleet.local.process.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** KWOK as a process, with one large node: its Pods are ready at once and run nothing. */
final class Kwok implements AutoCloseable {
  private static final Map<String, String> FAKE = Map.of("kwok.x-k8s.io/node", "fake");

  private final Process process;

  private Kwok(Process process) {
    this.process = process;
  }

  /** Where `e2e/kube/kwok.sh` puts it. */
  static Path folder() {
    String cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .orElse(System.getProperty("user.home") + "/.cache");
    return Path.of(cache, "tensorfleet", "kwok-v0.7.0");
  }

  static Kwok start(Ground ground, Cluster cluster) {
    Path program = folder().resolve("bin").resolve("kwok");
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException("no KWOK in " + program + ": run e2e/kube/kwok.sh, once");
    }
    node(cluster);
    Path folder = ground.folder("kwok");
    var command =
        List.of(
            program.toString(),
            "--kubeconfig=" + cluster.kubeconfig(),
            "--config=" + folder().resolve("stages.yaml"),
            "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
            "--node-lease-duration-seconds=40");
    try {
      return ground.own(
          new Kwok(
              Children.start(
                  new Children.Program(
                      command, Children.basicEnvironment(), folder, folder.resolve("kwok.log")))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void node(Cluster cluster) {
    var much = new Quantity("1000000");
    var size = Map.of("cpu", much, "memory", new Quantity("1000Ti"), "pods", much);
    cluster
        .client()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("kwok")
                .withAnnotations(FAKE)
                .endMetadata()
                .withNewStatus()
                .withCapacity(size)
                .withAllocatable(size)
                .endStatus()
                .build())
        .create();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
