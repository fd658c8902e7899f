package io.tensorfleet.operator;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.crds.Behavior;
import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.ScalingRules;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A pool is deleted, and forgotten, while the operator waits for an answer about its worker. */
class DeletedAmidALookTest extends EmbeddedStand {
  @Test
  void nothingOfItIsLeft() throws Throwable {
    create();
    queue.holds(1, 0);
    eventually(() -> assertThat(pods()).hasSize(1));
    becomeReady(pods().getFirst());
    queue.worker(pods().getFirst().getMetadata().getName(), 0);
    eventually(() -> assertThat(metrics()).contains("pool=\"demo\""));
    var looksBefore = new CompletableFuture<Double>();
    queue.whenCordoning(() -> deletedAndForgotten(looksBefore));

    queue.holds(0, 0);

    double looks = looksBefore.get();
    eventually(
        () -> {
          assertThat(looks()).as("the look is over").isGreaterThan(looks);
          assertThat(metrics()).doesNotContain("pool=\"demo\"");
          assertThat(pods()).isEmpty();
        });
  }

  private void deletedAndForgotten(CompletableFuture<Double> looksBefore) {
    try {
      double looks = looks();
      client.resources(WorkerPool.class).inNamespace("default").withName("demo").delete();
      eventually(() -> assertThat(metrics()).doesNotContain("pool=\"demo\""));
      looksBefore.complete(looks);
    } catch (Throwable e) {
      looksBefore.completeExceptionally(e);
    }
  }

  private void create() {
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

  private double looks() throws Exception {
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
}
