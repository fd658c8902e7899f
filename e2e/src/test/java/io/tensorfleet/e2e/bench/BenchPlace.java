package io.tensorfleet.e2e.bench;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.e2e.drill.Audit;
import io.tensorfleet.e2e.drill.Cluster;
import io.tensorfleet.e2e.drill.Ground;
import io.tensorfleet.e2e.drill.OperatorProcess;
import io.tensorfleet.e2e.drill.Queue;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A real control plane, an orchestrator on PostgreSQL and the operator, each a process of its own.
 * What the operator did is read from the API server's audit log.
 */
final class BenchPlace implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String HEAP = "-Xmx256m -XX:+UseSerialGC";

  final Ground ground;
  final Cluster cluster;
  final Queue queue;
  final OperatorProcess operator;

  private BenchPlace(Ground ground) {
    this.ground = ground;
    this.cluster = ground.cluster();
    this.queue = ground.queue(Map.of());
    var settings = new TreeMap<String, String>();
    settings.put("ORCHESTRATOR_ADDRESS", queue.address());
    settings.put("LOG_LEVEL", "warn");
    settings.put("JDK_JAVA_OPTIONS", System.getenv().getOrDefault("OPERATOR_JAVA_OPTIONS", HEAP));
    this.operator = OperatorProcess.start(ground, cluster, settings);
  }

  static BenchPlace open() throws IOException {
    String missing = Cluster.missing();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(missing);
    }
    Ground ground = Ground.open(Files.createTempDirectory("tensorfleet-bench"));
    try {
      return new BenchPlace(ground);
    } catch (RuntimeException | Error e) {
      ground.close();
      throw e;
    }
  }

  static int number(String name, int usual) {
    return Integer.parseInt(System.getenv().getOrDefault(name, Integer.toString(usual)));
  }

  KubernetesClient client() {
    return cluster.client();
  }

  /** A pool whose bounds are these, that shrinks at once. */
  void pool(String namespace, String name, String more) {
    cluster.apply(
        """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {namespace: %s, name: %s}
        spec:
          %s
          worker: {maxConcurrentTasks: 1}
          scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 0}}}
        """
            .formatted(namespace, name, more));
  }

  /** Reads one and how many more there are: reading all would slow down what is measured. */
  int pods(String namespace) {
    var one = new ListOptionsBuilder().withLimit(1L).build();
    var list = client().pods().inNamespace(namespace).list(one);
    Long more = list.getMetadata().getRemainingItemCount();
    return list.getItems().size() + (more == null ? 0 : more.intValue());
  }

  void awaitPods(String namespace, int count) {
    Await.value(
        PATIENCE,
        count + " Pods in " + namespace,
        () -> Optional.of(pods(namespace)).filter(found -> found == count));
  }

  /** Creations and deletions of Pods in a namespace that came since then, in the order in time. */
  List<Instant> podCalls(String verb, String namespace, Instant since) {
    return cluster.audit().since(since).stream()
        .filter(request -> request.is(verb, "pods") && request.accepted())
        .filter(request -> request.namespace().equals(namespace))
        .map(Audit.Request::time)
        .sorted()
        .toList();
  }

  static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  /** The value below which so large a share of all lies. */
  static double quantile(List<Double> values, double share) {
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(null);
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(1, rank) - 1);
  }

  static void print(String bench, String metric, String unit, List<Double> runs) {
    System.out.println(new BenchLine(bench, metric, unit, runs).json());
  }

  @Override
  public void close() {
    ground.close();
  }
}
