package io.tensorfleet.operator;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator on the embedded mock API server, with a fake queue on loopback. */
class EmbeddedOperatorTest extends EmbeddedStand {
  @Test
  void aPoolGrowsFromZeroAndShrinksToZeroWithItsQueue() throws Throwable {
    createPool();
    eventually(() -> assertThat(status().desiredReplicas()).isZero());

    queue.holds(10, 0);
    eventually(() -> assertThat(pods()).hasSize(4));
    List<String> names = pods().stream().map(EmbeddedOperatorTest::name).sorted().toList();
    assertThat(names).allMatch(name -> name.matches("demo-[a-z0-9]{4}-[0-3]"));
    pods().forEach(this::becomeReady);
    queue.worker(names.get(0), 3);
    queue.worker(names.get(1), 3);
    queue.worker(names.get(2), 3);
    queue.worker(names.get(3), 1);
    queue.holds(0, 10);
    eventually(() -> assertThat(status().busyReplicas()).isEqualTo(4));

    names.forEach(name -> queue.worker(name, 0));
    queue.holds(0, 0);
    eventually(() -> assertThat(pods()).isEmpty());
    eventually(() -> assertThat(status().replicas()).isZero());
    assertThat(queue.cordoned()).containsAll(names);
  }

  @Test
  void aWorkerThatTookATaskMeanwhileStays() throws Throwable {
    createPool();
    queue.holds(3, 0);
    eventually(() -> assertThat(pods()).hasSize(1));
    becomeReady(pods().getFirst());
    String worker = name(pods().getFirst());
    queue.worker(worker, 1);
    queue.holds(0, 1);
    eventually(() -> assertThat(status().busyReplicas()).isEqualTo(1));
    queue.worker(worker, 0);
    queue.secretlyBusy(worker, 1);

    queue.sends(
        QueueSnapshot.newBuilder()
            .setQueue("default")
            .setVersion(1_000)
            .addWorkers(
                WorkerState.newBuilder().setWorkerId(worker).setIncarnation("first").setSlots(3))
            .build());

    eventually(
        () ->
            assertThat(metrics())
                .containsPattern("tensorfleet_pool_pods_total\\{.*outcome=\"kept\".*} [1-9]"));
    assertThat(pods()).hasSize(1);
    assertThat(queue.cordoned()).isEmpty();
  }

  @Test
  void eachMetricOfARunningOperatorIsOnTheReferencePage() throws Throwable {
    createPool();
    eventually(() -> assertThat(status().desiredReplicas()).isZero());
    String page = Files.readString(Path.of("../docs/reference/operator.md"));

    assertThat(metrics().lines().filter(line -> line.startsWith("# TYPE")))
        .map(line -> line.split(" ", 4)[2])
        .contains("tensorfleet_api_requests_total", "tensorfleet_api_writes_waiting")
        .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
  }

  @Test
  void anOperatorStartedAnewMakesNoPodTwice() throws Throwable {
    createPool();
    queue.holds(10, 0);
    eventually(() -> assertThat(status().desiredReplicas()).isEqualTo(4));
    List<String> before = pods().stream().map(p -> p.getMetadata().getUid()).toList();

    operator.close();
    operator = operate();
    queue.holds(11, 0);

    eventually(() -> assertThat(status().queue()).extracting("pending").isEqualTo(11L));
    assertThat(pods())
        .extracting(p -> p.getMetadata().getUid())
        .containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void aReconcileThatFindsNothingToChangeWritesNothing() throws Throwable {
    createPool();
    eventually(() -> assertThat(status().desiredReplicas()).isZero());
    String version = resourceVersion();
    double reconciles = reconciles();

    queue.holds(0, 0);
    eventually(() -> assertThat(reconciles()).isGreaterThan(reconciles));
    queue.holds(0, 0);
    eventually(() -> assertThat(reconciles()).isGreaterThan(reconciles + 1));

    assertThat(resourceVersion()).isEqualTo(version);
  }

  @Test
  void aLostQueueShowsInItsConditionAndHoldsTheSize() throws Throwable {
    createPool();
    queue.holds(10, 0);
    eventually(() -> assertThat(pods()).hasSize(4));

    queue.close();

    eventually(() -> assertThat(condition("QueueReachable")).isEqualTo("False"));
    assertThat(pods()).hasSize(4);
    assertThat(client.events().v1().events().inNamespace("default").list().getItems())
        .extracting(Event::getReason)
        .contains("ScaledUp", "QueueUnknown");
  }

  @Test
  void aBusyWorkersPodIsMarkedForNodeAutoscalersAndTheMarksSurviveTheOperator() throws Throwable {
    createPool();
    queue.holds(3, 0);
    eventually(() -> assertThat(pods()).hasSize(1));
    becomeReady(pods().getFirst());
    queue.worker(name(pods().getFirst()), 1);
    queue.holds(0, 1);
    eventually(
        () ->
            assertThat(pods().getFirst().getMetadata().getAnnotations())
                .containsEntry("karpenter.sh/do-not-disrupt", "true")
                .containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict", "false"));
    String version = pods().getFirst().getMetadata().getResourceVersion();

    operator.close();
    operator = operate();
    queue.holds(1, 1);

    eventually(() -> assertThat(status().queue()).extracting("pending").isEqualTo(1L));
    assertThat(pods().getFirst().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  private void createPool() {
    var pool = new WorkerPool();
    pool.getMetadata().setName("demo");
    pool.getMetadata().setNamespace("default");
    pool.setSpec(
        WorkerPoolSpec.defaults()
            .withBounds(0, 4)
            .withScaling(
                Scaling.defaults()
                    .withBehavior(new Behavior(ScalingRules.window(0), ScalingRules.window(0)))));
    client.resource(pool).create();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace("default").list().getItems();
  }

  private WorkerPoolStatus status() {
    return client
        .resources(WorkerPool.class)
        .inNamespace("default")
        .withName("demo")
        .get()
        .getStatus();
  }

  private String resourceVersion() {
    return client
        .resources(WorkerPool.class)
        .inNamespace("default")
        .withName("demo")
        .get()
        .getMetadata()
        .getResourceVersion();
  }

  private String condition(String type) {
    return status().conditions().stream()
        .filter(c -> type.equals(c.getType()))
        .map(Condition::getStatus)
        .findFirst()
        .orElse("absent");
  }

  private double reconciles() throws Exception {
    return metrics()
        .lines()
        .filter(l -> l.startsWith("tensorfleet_reconcile_seconds_count"))
        .mapToDouble(l -> Double.parseDouble(l.substring(l.indexOf(' ') + 1)))
        .sum();
  }

  private String metrics() throws Exception {
    var uri = URI.create("http://localhost:" + operator.metricsPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }
}
