package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The changing demand of several pools on a stage, each with a queue of its own and workers of one
 * slot: so many tasks want so many Pods. Writes down what is wanted.
 */
final class Swing {
  private final Cluster cluster;
  private final String namespace;
  private final Stage stage;
  private final History history;
  private final int most;
  private final Random random = new Random(1);
  private final Map<String, Integer> wanted = new HashMap<>();
  private final List<String> pools;

  /** So many pools are made on the cluster, each of at most so many Pods. */
  Swing(Cluster cluster, String namespace, History history, Size size) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.history = history;
    this.stage = cluster.stage(namespace, history);
    this.most = size.most();
    this.pools = IntStream.range(0, size.pools()).mapToObj(i -> "pool-" + i).toList();
    pools.forEach(pool -> cluster.apply(yaml(pool, namespace, most)));
  }

  record Size(int pools, int most) {}

  private static String yaml(String pool, String namespace, int most) {
    return """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: %1$s, namespace: %2$s}
        spec:
          queue: %1$s
          maxReplicas: %3$d
          worker: {maxConcurrentTasks: 1}
          scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 1}}}
        """
        .formatted(pool, namespace, most);
  }

  Stage stage() {
    return stage;
  }

  List<String> pools() {
    return pools;
  }

  int wanted(String pool) {
    return wanted.getOrDefault(pool, 0);
  }

  int wanted() {
    return pools.stream().mapToInt(this::wanted).sum();
  }

  /** Some pools want another size, some nothing at all. */
  void stir() {
    for (String pool : pools) {
      if (random.nextInt(3) > 0) {
        want(pool, random.nextInt(4) == 0 ? 0 : random.nextInt(most + 1));
      }
    }
  }

  /** A pool has so many tasks from now on; of those that run, the oldest end first. */
  void want(String pool, int tasks) {
    int before = wanted(pool);
    history.add(new Event.Noted(history.now(), PodStory.WANTED, pool, tasks));
    wanted.put(pool, tasks);
    if (tasks > before) {
      stage.submit(StageWork.HELD.in(pool), tasks - before);
    } else {
      stage.reduce(pool, tasks);
    }
  }

  void wantNothing() {
    pools.forEach(pool -> want(pool, 0));
  }

  /** Whether each pool has what is wanted, and says so, and every task runs. */
  boolean settled() {
    return pools.stream()
            .allMatch(pool -> living(pool) == wanted(pool) && desired(pool) == wanted(pool))
        && pods().size() == wanted()
        && stage.running() == wanted();
  }

  List<Pod> pods() {
    return cluster.client().pods().inNamespace(namespace).list().getItems();
  }

  /** Pods that are not asked to leave. */
  long living(String pool) {
    return pods().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> PodStory.pool(pod.getMetadata().getName()).equals(pool))
        .count();
  }

  /** As the status says; -1 where it does not. */
  long desired(String pool) {
    return Optional.ofNullable(cluster.pool(namespace, pool).getStatus())
        .map(status -> (long) Objects.requireNonNullElse(status.desiredReplicas(), -1))
        .orElse(-1L);
  }

  /** Notes what there is in the end, for {@link PodStory#ends}. */
  void noteEnd() {
    for (String pool : pools) {
      history.add(new Event.Noted(history.now(), PodStory.PODS, pool, living(pool)));
      history.add(new Event.Noted(history.now(), PodStory.DESIRED, pool, desired(pool)));
    }
    long cordoned = stage.workers().stream().filter(WorkerState::getCordoned).count();
    history.add(new Event.Noted(history.now(), PodStory.CORDONED_LEFT, "", cordoned));
  }
}
