package io.tensorfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.e2e.drill.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HorizontalPodAutoscaler sizes a pool through /scale; the pool's bounds hold. */
class HpaIT {
  /** The controller looks every 15 s and learns of new kinds every 30 s. */
  private static final Duration LIMIT = Duration.ofSeconds(150);

  @TempDir Path folder = Path.of("");

  @Test
  void anAutoscalerDecidesTheSizeUntilItIsGoneAndReplicasAreCleared() throws Exception {
    assumeTrue(Cluster.missing().isEmpty(), Cluster.missing());
    try (var stand = new SurfaceStand(folder);
        var metrics = MetricsServer.start(stand.cluster.client(), folder)) {
      stand.pool(
          "driven",
          "minReplicas: 1\n  scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 1}}}");
      stand.await("driven", "ready", SurfaceStand.is("Ready", "True/WorkersReady"));
      metrics.set(6);
      stand.kubectl.ok("apply", "-f", Kubectl.file(folder, autoscaler()));

      assertThat(waits(stand))
          .as("it cannot scale what has no size")
          .contains("FailedGetScale", "the spec replicas field", "does not exist");
      stand.kubectl.ok("scale", "wp", "driven", "--replicas=1");
      desired(stand, 3);
      var driven =
          stand.await("driven", "3 ready", SurfaceStand.has(WorkerPoolStatus::readyReplicas, 3));
      assertThat(SurfaceStand.condition(driven, "Paused")).hasValue("True/SpecReplicas");
      assertThat(driven.lastScaleReason()).endsWith("; spec.replicas sets 3 workers.");

      metrics.set(40);
      var most =
          stand.await("driven", "limited", SurfaceStand.is("ScalingLimited", "True/MaxReplicas"));
      assertThat(most.desiredReplicas()).as("the pool's maxReplicas").isEqualTo(4);
      metrics.set(0);
      desired(stand, 1);

      stand.kubectl.ok("delete", "hpa", "driven");
      stand.kubectl.ok(
          "patch", "wp", "driven", "--type=merge", "-p", "{\"spec\":{\"replicas\":null}}");
      stand.waiting("driven", 2);
      var own =
          stand.await(
              "driven", "its own size", SurfaceStand.has(WorkerPoolStatus::readyReplicas, 2));
      assertThat(SurfaceStand.condition(own, "Paused")).hasValue("False/Deciding");
    }
  }

  private static void desired(SurfaceStand stand, int size) {
    Await.value(
        LIMIT,
        size + " workers: " + waits(stand),
        () ->
            Optional.of(stand.status("driven"))
                .filter(SurfaceStand.has(WorkerPoolStatus::desiredReplicas, size)));
  }

  /** What the autoscaler says of itself, once it has looked. */
  private static String waits(SurfaceStand stand) {
    return Await.value(
        LIMIT,
        "conditions of the HPA",
        () ->
            Optional.of(
                    stand.kubectl.ok("get", "hpa", "driven", "-o", "jsonpath={.status.conditions}"))
                .filter(
                    text -> text.contains("AbleToScale") && !text.contains("no matches for kind")));
  }

  private static String autoscaler() {
    return """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: driven}
        spec:
          scaleTargetRef: {apiVersion: tensorfleet.io/v1alpha1, kind: WorkerPool, name: driven}
          minReplicas: 1
          maxReplicas: 9
          metrics:
            - type: External
              external:
                metric: {name: tensorfleet-demand}
                target: {type: AverageValue, averageValue: "2"}
          behavior:
            scaleUp: {policies: [{type: Percent, value: 900, periodSeconds: 15}]}
            scaleDown: {stabilizationWindowSeconds: 0}
        """;
  }
}
