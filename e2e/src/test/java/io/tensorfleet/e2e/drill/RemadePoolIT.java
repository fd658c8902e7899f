package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.operator.ApiMode;
import io.tensorfleet.operator.api.ApiWriter;
import io.tensorfleet.operator.limit.ApiLimits;
import io.tensorfleet.operator.limit.Throttle;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools that are deleted and made anew under one name, amid growth, under a live operator. */
class RemadePoolIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Longer than the pause between two looks at a pool in which nothing changes. */
  private static final Duration QUIET = Duration.ofSeconds(12);

  private static final int ROUNDS = 20;
  private static final int SIZE = 20;

  private static Optional<Ground> shared = Optional.empty();

  private final Ground ground = shared.orElseThrow();
  private final Cluster cluster = ground.cluster();
  private final String namespace = cluster.namespace("remade");
  private final Stage stage = cluster.stage(namespace, new History());
  private OperatorProcess operator;

  @BeforeAll
  static void open(@TempDir Path folder) {
    assumeTrue(Cluster.missing().isEmpty(), Cluster.missing());
    shared = Optional.of(Ground.open(folder));
  }

  @BeforeEach
  void start() {
    operator = OperatorProcess.start(ground, cluster, namespace, stage.address());
    stage.waiting(3 * SIZE);
  }

  @AfterEach
  void clear() {
    ground.clear();
  }

  @AfterAll
  static void close() {
    shared.ifPresent(Ground::close);
  }

  @Test
  void theLastOneHasExactlyItsPodsAndThenAllIsQuiet() {
    for (int round = 0; round < ROUNDS; round++) {
      make();
      await(round);
      delete();
    }
    make();
    String uid = pool().getMetadata().getUid();

    List<Pod> own =
        Await.value(LIMIT, SIZE + " Pods, all of the last pool", () -> all(pods(), SIZE, uid));
    assertThat(own).allMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null);
    var _ = Await.value(LIMIT, "a status that tells so", () -> status().filter(this::isFull));
    var _ = Await.value(LIMIT, "one revision, its own", () -> all(revisions(), 1, uid));
    var _ = Await.value(LIMIT, "quiet", () -> Optional.of(QUIET).filter(this::quietFor));
    assertThat(pods()).hasSize(SIZE);
    assertThat(operator.page("/metrics")).contains("namespace=\"" + namespace + "\"");

    delete();
    awaitNothing(uid);
  }

  @Test
  void nothingThatWasMeantForThePoolBeforeReachesItsSuccessor() {
    operator.kill();
    make();
    WorkerPool before = pool();
    delete();
    make();
    var told =
        cluster
            .client()
            .getKubernetesSerialization()
            .unmarshal("desiredReplicas: 7", WorkerPoolStatus.class);
    try (var throttle = new Throttle(ApiLimits.usual())) {
      var api = ApiWriter.of(ApiMode.EXACT, cluster.client(), throttle);

      assertThat(api.status(before, told)).as("a failure, tried again for ever").isEmpty();
      assertThat(status()).map(WorkerPoolStatus::desiredReplicas).isEmpty();
      assertThat(api.status(pool(), told)).isEmpty();
      assertThat(status()).map(WorkerPoolStatus::desiredReplicas).contains(7);
      delete();
      assertThat(api.status(before, told)).as("a failure, tried again for ever").isEmpty();
    }
  }

  private void awaitNothing(String uid) {
    var _ = Await.value(LIMIT, "no Pod", () -> all(pods(), 0, uid));
    var _ =
        Await.value(
            LIMIT,
            "no metric of it",
            () ->
                Optional.of(operator.page("/metrics"))
                    .filter(page -> page.contains("tensorfleet_reconcile"))
                    .filter(page -> !page.contains("namespace=\"" + namespace + "\"")));
  }

  /** Now and then until there is a Pod, or a status; else the next deletion comes at once. */
  private void await(int round) {
    switch (round % 4) {
      case 1 -> {
        String uid = pool().getMetadata().getUid();
        var _ =
            Await.value(
                LIMIT, "a Pod", () -> pods().stream().filter(p -> isOf(p, uid)).findFirst());
      }
      case 2 -> {
        var _ =
            Await.value(
                LIMIT, "a status", () -> status().map(WorkerPoolStatus::observedGeneration));
      }
      default -> {}
    }
  }

  private void make() {
    cluster.apply(
        """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: demo, namespace: %s}
        spec:
          maxReplicas: %d
          worker: {maxConcurrentTasks: 1, drainTimeout: 1s}
        """
            .formatted(namespace, SIZE));
  }

  /** As kubectl does: the pool goes at once, its Pods later, by the garbage collector. */
  private void delete() {
    cluster.client().resources(WorkerPool.class).inNamespace(namespace).withName("demo").delete();
  }

  private WorkerPool pool() {
    return cluster.pool(namespace, "demo");
  }

  private Optional<WorkerPoolStatus> status() {
    return Optional.ofNullable(pool().getStatus());
  }

  private boolean isFull(WorkerPoolStatus status) {
    return Integer.valueOf(SIZE).equals(status.readyReplicas())
        && Integer.valueOf(SIZE).equals(status.busyReplicas());
  }

  private List<Pod> pods() {
    return cluster.client().pods().inNamespace(namespace).list().getItems();
  }

  private List<? extends HasMetadata> revisions() {
    return cluster.client().apps().controllerRevisions().inNamespace(namespace).list().getItems();
  }

  private static <T extends HasMetadata> Optional<List<T>> all(
      List<T> found, int count, String uid) {
    return Optional.of(found)
        .filter(all -> all.size() == count)
        .filter(all -> all.stream().allMatch(one -> isOf(one, uid)));
  }

  private static boolean isOf(HasMetadata object, String uid) {
    Set<String> owners =
        object.getMetadata().getOwnerReferences().stream()
            .map(OwnerReference::getUid)
            .collect(Collectors.toSet());
    return owners.equals(Set.of(uid));
  }

  /** Whether the operator has written nothing for so long, its Lease apart. */
  private boolean quietFor(Duration time) {
    return cluster.audit().since(Instant.now().minus(time)).stream()
        .filter(Audit.Request::byOperator)
        .filter(request -> request.isWrite() && !request.resource().equals("leases"))
        .findAny()
        .isEmpty();
  }
}
