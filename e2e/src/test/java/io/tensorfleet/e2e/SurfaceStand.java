package io.tensorfleet.e2e;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.e2e.drill.Cluster;
import io.tensorfleet.e2e.drill.Ground;
import io.tensorfleet.e2e.drill.History;
import io.tensorfleet.e2e.drill.OperatorProcess;
import io.tensorfleet.e2e.drill.Stage;
import io.tensorfleet.e2e.drill.StageWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real control plane, an operator process, a scripted orchestrator, and a person's programs. */
final class SurfaceStand implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(90);

  final Cluster cluster;
  final String namespace;
  final Stage stage;
  final Kubectl kubectl;
  private final Ground ground;

  SurfaceStand(Path folder) {
    ground = Ground.open(folder);
    try {
      cluster = ground.cluster();
      namespace = cluster.namespace("surface");
      stage = cluster.stage(namespace, new History());
      OperatorProcess.start(ground, cluster, namespace, stage.address());
      kubectl = new Kubectl(cluster.kubeconfig(), namespace);
    } catch (RuntimeException | Error e) {
      ground.close();
      throw e;
    }
  }

  /** A pool of one slot a worker on a queue of its own name. */
  void pool(String name, String more) {
    cluster.apply(
        """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: %s, namespace: %s}
        spec:
          queue: %s
          maxReplicas: 4
          worker: {maxConcurrentTasks: 1}
          %s
        """
            .formatted(name, namespace, name, more));
  }

  void waiting(String queue, int count) {
    stage.submit(StageWork.HELD.in(queue), count);
  }

  WorkerPoolStatus status(String pool) {
    WorkerPool found = cluster.pool(namespace, pool);
    return Optional.ofNullable(found.getStatus()).orElseGet(WorkerPoolStatus::empty);
  }

  /** Waits until the status of a pool is as wanted. */
  WorkerPoolStatus await(String pool, String what, Predicate<WorkerPoolStatus> wanted) {
    return Await.value(LIMIT, pool + ": " + what, () -> Optional.of(status(pool)).filter(wanted));
  }

  /** {@code Type=Status/Reason} of a condition. */
  static Optional<String> condition(WorkerPoolStatus status, String type) {
    return status.conditions().stream()
        .filter(c -> c.getType().equals(type))
        .map(c -> c.getStatus() + "/" + c.getReason())
        .findFirst();
  }

  static Predicate<WorkerPoolStatus> is(String type, String statusAndReason) {
    return status -> condition(status, type).equals(Optional.of(statusAndReason));
  }

  static <T> Predicate<WorkerPoolStatus> has(
      Function<WorkerPoolStatus, @Nullable T> field, T value) {
    return status -> value.equals(field.apply(status));
  }

  /** The decision's sentence; empty where there was none. */
  static String sentence(WorkerPoolStatus status) {
    return Optional.ofNullable(status.decision()).map(d -> d.message()).orElse("");
  }

  /** What events of a pool say. */
  List<String> told(String pool) {
    return cluster.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(e -> e.getRegarding().getName().equals(pool))
        .map(e -> e.getNote())
        .toList();
  }

  /** {@code tensorfleet why POOL}. */
  Kubectl.Ran why(String... words) {
    String[] all =
        Stream.concat(
                Stream.of("why", "--kubeconfig", cluster.kubeconfig().toString()), Stream.of(words))
            .toArray(String[]::new);
    return Kubectl.program(Repository.tensorfleet(all));
  }

  String key(String pool) {
    return namespace + "/" + pool;
  }

  @Override
  public void close() {
    ground.close();
  }
}
