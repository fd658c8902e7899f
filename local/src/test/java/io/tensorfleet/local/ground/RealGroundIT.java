package io.tensorfleet.local.ground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.local.Await;
import io.tensorfleet.local.node.LocalNode;
import io.tensorfleet.local.node.NodeEvent;
import io.tensorfleet.local.node.NodeOptions;
import io.tensorfleet.local.node.PodPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real control plane of this machine, with a local node beside it. */
class RealGroundIT {
  @TempDir static Path home;

  private static Binaries binaries() {
    return switch (Binaries.find(System.getenv())) {
      case Binaries.Search.Found(Binaries found) -> found;
      case Binaries.Search.Missing(String why) -> missing(why);
    };
  }

  private static Binaries missing(String why) {
    if ("true".equals(System.getenv("CI"))) {
      return fail("the real control plane must be tested in CI: " + why);
    }
    System.out.println("SKIPPED: no real control plane: " + why);
    return abort(why);
  }

  private static RealGround startGround() {
    return RealGround.start(binaries(), home.resolve("kube"), home.resolve("kubeconfig"), 0);
  }

  @Test
  void aPodIsScheduledRunAndDeletedWithGraceAndObjectsSurviveARestart() throws Exception {
    var events = new CopyOnWriteArrayList<NodeEvent>();
    try (var ground = startGround()) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(home.resolve("kubeconfig"))))
          .isEqualTo("rw-------");
      assertThat(ground.client().resources(WorkerPool.class).inAnyNamespace().list().getItems())
          .isEmpty();
      ground.client().resource(configMap()).create();
      try (var node = startNode(ground, events)) {
        runAPod(ground.client(), events);
        Await.until("agent gone", () -> node.podNames().isEmpty(), node::podNames);
      }
    }
    try (var ground = startGround()) {
      assertThat(ground.client().configMaps().inNamespace("default").withName("kept").get())
          .isNotNull();
    }
  }

  private static LocalNode startNode(RealGround ground, List<NodeEvent> events) {
    var images = Map.of("sh", List.of("/bin/sh", "-c"));
    var options =
        new NodeOptions(
            "local", images, home, !ground.hasScheduler(), false, PodPlan.BackOff.KUBELET);
    return LocalNode.start(ground.client(), options, events::add);
  }

  private static void runAPod(KubernetesClient client, List<NodeEvent> events) {
    client.resource(pod()).create();
    var pods = client.pods().inNamespace("default").withName("sleeper");
    Await.until("ready Pod", () -> isReady(pods.get()), pods::get);
    assertThat(client.nodes().withName("local").get().getStatus().getConditions())
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    assertThat(pods.get().getSpec().getNodeName()).isEqualTo("local");

    Await.until("trap", () -> Files.exists(home.resolve("trapped")), events::size);

    pods.delete();

    Await.until("Pod gone", () -> pods.get() == null, pods::get);
    assertThat(events)
        .filteredOn(NodeEvent.Ended.class::isInstance)
        .extracting(e -> ((NodeEvent.Ended) e).exitCode())
        .containsExactly(9);
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("sleeper")
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Always")
        .addNewContainer()
        .withName("worker")
        .withImage("sh")
        .withArgs(
            "trap 'exit 9' TERM; echo > "
                + home.resolve("trapped")
                + "; while :; do sleep 0.05; done")
        .endContainer()
        .endSpec()
        .build();
  }

  private static io.fabric8.kubernetes.api.model.ConfigMap configMap() {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName("kept")
        .withNamespace("default")
        .endMetadata()
        .addToData("a", "b")
        .build();
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }
}
