package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tensorfleet.e2e.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage, the cluster and the operator process on which drills stand. */
class StageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static Optional<Ground> shared = Optional.empty();

  @BeforeAll
  static void open(@TempDir Path folder) {
    assumeTrue(Cluster.missing().isEmpty(), Cluster.missing());
    shared = Optional.of(Ground.open(folder));
  }

  @AfterEach
  void clear() {
    shared.ifPresent(Ground::clear);
  }

  @AfterAll
  static void close() {
    shared.ifPresent(Ground::close);
  }

  @Test
  void aPoolFollowsTheTasksOfAStageUpAndDownAndTheAuditLogTellsWhoDidIt() {
    Ground ground = shared.orElseThrow();
    var cluster = ground.cluster();
    var history = new History();
    String namespace = cluster.namespace("stage");
    var stage = cluster.stage(namespace, history);
    Instant begin = Instant.now();
    var operator = OperatorProcess.start(ground, cluster, namespace, stage.address());
    cluster.apply(pool(namespace));

    stage.waiting(12);
    stage.await(LIMIT, "12 tasks on workers", it -> it.running() == 12);
    assertThat(stage.workers()).hasSize(4).allMatch(worker -> worker.getBusy() == 3);

    stage.finishAll();
    stage.await(LIMIT, "no worker", it -> it.workers().isEmpty());
    Await.value(
        LIMIT,
        "no Pod",
        () ->
            Optional.of(cluster.client().pods().inNamespace(namespace).list().getItems())
                .filter(pods -> pods.isEmpty()));

    assertThat(history.all(Event.PodLeaving.class)).hasSize(4).allMatch(e -> e.held() == 0);
    assertThat(history.all(Event.Cordoned.class)).hasSize(4);
    assertThat(history.all(Event.Lost.class)).isEmpty();
    var asked = cluster.audit().since(begin).stream().filter(Audit.Request::byOperator).toList();
    assertThat(asked).filteredOn(r -> r.is("create", "pods") && r.accepted()).hasSize(4);
    assertThat(asked).filteredOn(r -> r.is("delete", "pods") && r.accepted()).hasSize(4);
    assertThat(asked).allMatch(r -> r.userAgent().equals(operator.id()));
    assertThat(operator.page("/metrics")).contains("tensorfleet_reconcile");
  }

  private static String pool(String namespace) {
    return """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: demo, namespace: %s}
        spec:
          maxReplicas: 10
          worker: {maxConcurrentTasks: 3}
          scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 1}}}
        """
        .formatted(namespace);
  }
}
