package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskState;
import io.tensorfleet.proto.v1.WorkerState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers leave for every reason there is: the real control plane, a real orchestrator, the
 * operator as a process, workers as processes.
 */
class RemovalIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String KARPENTER = "karpenter.sh/do-not-disrupt";
  private static final String AUTOSCALER = "cluster-autoscaler.kubernetes.io/safe-to-evict";

  private static Optional<Ground> shared = Optional.empty();

  private final History history = new History();
  private final Instant begin = Instant.now();
  private Ground ground = shared.orElseThrow();
  private Cluster cluster = ground.cluster();
  private String namespace = cluster.namespace("removal");
  private Queue queue = ground.queue(Map.of("HEARTBEAT_INTERVAL", "1s", "LEASE", "6s"));
  private OperatorProcess operator;

  @BeforeAll
  static void open(@TempDir Path folder) {
    assumeTrue(Cluster.missing().isEmpty(), Cluster.missing());
    shared = Optional.of(Ground.open(folder));
  }

  @BeforeEach
  void start() {
    cluster.node();
    operator = operator();
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
  void aBusyWorkerThatIsEvictedIsReplacedAtOnceAndEndsItsTask() {
    pool("drainTimeout: 60s", 1);
    Task task = running(Tasks.lasting(16, 500));

    assertThat(pod(task.getWorkerId()).evict()).isTrue();

    assertThat(replacement(task.getWorkerId())).isNotEqualTo(task.getWorkerId());
    assertThat(phase(task.getWorkerId())).isPresent();
    Task ended = queue.ended(task.getTaskId(), LIMIT);
    assertThat(ended.getState()).isEqualTo(TaskState.TASK_STATE_COMPLETED);
    assertThat(ended.getAttempt()).isOne();
    assertThat(ended.getWorkerId()).isEqualTo(task.getWorkerId());
    assertThat(deletions()).doesNotContain(task.getWorkerId());
  }

  @Test
  void aBusyWorkersPodThatSomebodyDeletesGivesALongTaskBackWithItsCheckpoint() {
    pool("drainTimeout: 3s", 1);
    Task task = running(Tasks.onlyTry(Tasks.lasting(24, 500)));

    pod(task.getWorkerId()).delete();

    Task again =
        Await.value(
            LIMIT,
            "the task to run elsewhere",
            () ->
                Optional.of(queue.task(task.getTaskId()))
                    .filter(t -> t.getAttempt() == 2 && !t.getWorkerId().isEmpty()));
    assertThat(again.getWorkerId()).isNotEqualTo(task.getWorkerId());
    assertThat(again.getEpochsDone()).isPositive();
    Task ended = queue.ended(task.getTaskId(), LIMIT);
    assertThat(ended.getState()).isEqualTo(TaskState.TASK_STATE_COMPLETED);
    assertThat(deletions()).doesNotContain(task.getWorkerId());
  }

  @Test
  void aRemovalThatStoppedAtTheCordonEndsAfterOrchestratorAndOperatorWereReplaced() {
    pool("drainTimeout: 60s", 1);
    Task task = running(Tasks.lasting(1, 500));
    operator.kill();
    var _ = queue.ended(task.getTaskId(), LIMIT);
    queue.cordon(task.getWorkerId());

    queue = ground.own(queue.replaced(ground.folder("orchestrator")));
    WorkerState after =
        Await.value(
            LIMIT,
            "the worker to be back",
            () -> queue.worker(task.getWorkerId()).filter(WorkerState::getConnected));
    assertThat(after.getCordoned()).isTrue();
    operator = operator();

    await("the worker to leave", () -> phase(task.getWorkerId()).isEmpty());
    Task next = running(Tasks.lasting(1, 500));
    assertThat(queue.ended(next.getTaskId(), LIMIT).getState())
        .isEqualTo(TaskState.TASK_STATE_COMPLETED);
  }

  @Test
  void aBusyWorkersPodIsMarkedForNodeAutoscalersUntilItWasIdleForAWhile() {
    pool("drainTimeout: 60s", 1);
    Task task = running(Tasks.lasting(6, 500));

    Pod marked =
        Await.value(
            LIMIT,
            "the marks",
            () ->
                Optional.of(pod(task.getWorkerId()).get()).filter(p -> has(p, KARPENTER, "true")));
    assertThat(has(marked, AUTOSCALER, "false")).isTrue();
    var _ = queue.ended(task.getTaskId(), LIMIT);

    Pod unmarked =
        Await.value(
            LIMIT,
            "the marks to go",
            () ->
                Optional.of(pod(task.getWorkerId()).get()).filter(p -> !has(p, KARPENTER, "true")));
    assertThat(annotations(unmarked)).doesNotContainKeys(KARPENTER, AUTOSCALER);
    assertThat(unmarked.getMetadata().getUid()).isEqualTo(marked.getMetadata().getUid());
    assertThat(cluster.audit().since(begin))
        .filteredOn(r -> r.byOperator() && r.is("patch", "pods"))
        .filteredOn(r -> r.name().equals(task.getWorkerId()))
        .hasSize(2);
  }

  @Test
  void aPodThatWasMarkedAMomentAgoLeavesWhenItIsASurplus() {
    pool("drainTimeout: 60s", 0);
    Task task = running(Tasks.lasting(4, 500));

    var _ = queue.ended(task.getTaskId(), LIMIT);

    await("the worker to leave", () -> phase(task.getWorkerId()).isEmpty());
    assertThat(deletions()).containsOnlyOnce(task.getWorkerId());
  }

  private OperatorProcess operator() {
    return OperatorProcess.start(ground, cluster, namespace, queue.address());
  }

  private void pool(String worker, int min) {
    cluster.apply(
        """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: demo, namespace: %s}
        spec:
          minReplicas: %d
          maxReplicas: 2
          worker: {maxConcurrentTasks: 1, heartbeatInterval: 1s, %s}
          scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 2}}}
        """
            .formatted(namespace, min, worker));
  }

  /** Submits a task and waits until it runs. */
  private Task running(io.tensorfleet.proto.v1.TaskSpec spec) {
    String id = queue.submit(history, spec, 1).getFirst();
    return Await.value(
        LIMIT,
        "the task to run",
        () -> Optional.of(queue.task(id)).filter(t -> !t.getWorkerId().isEmpty()));
  }

  private io.fabric8.kubernetes.client.dsl.PodResource pod(String name) {
    return cluster.client().pods().inNamespace(namespace).withName(name);
  }

  private Optional<String> phase(String name) {
    return Optional.ofNullable(pod(name).get()).map(p -> p.getStatus().getPhase());
  }

  /** A Pod that does not leave, while the other is still there. */
  private String replacement(String leaving) {
    Predicate<Pod> stays = p -> p.getMetadata().getDeletionTimestamp() == null;
    return Await.value(
        LIMIT,
        "another Pod beside " + leaving,
        () ->
            cluster.client().pods().inNamespace(namespace).list().getItems().stream()
                .filter(stays)
                .map(p -> p.getMetadata().getName())
                .findFirst());
  }

  /** Names of Pods that the operator deleted. */
  private List<String> deletions() {
    return cluster.audit().since(begin).stream()
        .filter(r -> r.byOperator() && r.is("delete", "pods") && r.accepted())
        .map(Audit.Request::name)
        .toList();
  }

  private static boolean has(Pod pod, String key, String value) {
    return value.equals(annotations(pod).get(key));
  }

  private static Map<String, String> annotations(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    var _ = Await.value(LIMIT, what, () -> Optional.of(what).filter(_ -> condition.getAsBoolean()));
  }
}
