package io.tensorfleet.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Pods created a second, from the first to the last creation that the API server received: one pool
 * of 1,000, twenty pools of 50 at once, and a bare parallel loop with the same client in the same
 * run. Nobody runs the Pods.
 */
public final class Pods {
  private static final String BENCH = "pods";
  private static final int COUNT = 1_000;
  private static final int POOLS = 20;

  private final BenchPlace place;
  private final String namespace;
  private final List<Double> bare = new ArrayList<>();
  private final List<Double> one = new ArrayList<>();
  private final List<Double> twenty = new ArrayList<>();
  private final List<Double> decisions = new ArrayList<>();

  private Pods(BenchPlace place) {
    this.place = place;
    this.namespace = place.cluster.namespace("pods");
  }

  /** RUNS (default 3). */
  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = BenchPlace.number("RUNS", 3);
    try (var place = BenchPlace.open()) {
      var bench = new Pods(place);
      for (int run = -1; run < runs; run++) {
        bench.run();
        if (run < 0) {
          bench.forget();
        }
      }
      bench.report();
    }
  }

  private void run() throws InterruptedException {
    Instant begun = Instant.now();
    pool("one", COUNT);
    place.awaitPods(namespace, COUNT);
    one.add(rate(begun));
    decisions.add(decisionsAtThisSize());
    Pod model = place.client().pods().inNamespace(namespace).list().getItems().getFirst();
    empty();

    begun = Instant.now();
    BareLoop.run(place.cluster.kubeconfig(), namespace, model, COUNT);
    place.awaitPods(namespace, COUNT);
    bare.add(rate(begun));
    empty();

    begun = Instant.now();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < POOLS; n++) {
        String name = "pool-" + n;
        var _ = threads.submit(() -> pool(name, COUNT / POOLS));
      }
    }
    place.awaitPods(namespace, COUNT);
    twenty.add(rate(begun));
    empty();
  }

  private void pool(String name, int size) {
    place.pool(namespace, name, "minReplicas: " + size + "\n  maxReplicas: " + size);
  }

  private double rate(Instant begun) {
    List<Instant> times = place.podCalls("create", namespace, begun);
    return (times.size() - 1) / BenchPlace.seconds(times.getFirst(), times.getLast());
  }

  /** The 99th percentile of a hundred decisions, in ms; each submit is one more look. */
  private double decisionsAtThisSize() throws InterruptedException {
    Histogram before =
        Histogram.read(place.operator.page("/metrics"), "tensorfleet_decision_seconds");
    Histogram after = before;
    long end = System.nanoTime() + BenchPlace.PATIENCE.toNanos();
    while (after.count() - before.count() < 100 && System.nanoTime() - end < 0) {
      submit();
      Thread.sleep(50);
      after = Histogram.read(place.operator.page("/metrics"), "tensorfleet_decision_seconds");
    }
    return after.minus(before).quantile(0.99) * 1_000;
  }

  private void submit() {
    var task = TaskSpec.newBuilder().setModelType("xgboost").setEpochs(1).build();
    var group = TaskGroup.newBuilder().setTemplate(task).setCount(1);
    var _ = place.queue.client().jobs().submit(SubmitRequest.newBuilder().addGroups(group).build());
  }

  /** Pods go at once: the garbage collector would take longer than the bench. */
  private void empty() {
    place.client().resources(WorkerPool.class).inNamespace(namespace).delete();
    Await.value(BenchPlace.PATIENCE, "no Pod in " + namespace, this::emptied);
  }

  /** A collection of a thousand may take longer than a request may. */
  private Optional<Boolean> emptied() {
    try {
      place.client().pods().inNamespace(namespace).withGracePeriod(0).delete();
    } catch (KubernetesClientException slow) {
      return Optional.empty();
    }
    return Optional.of(place.pods(namespace) == 0).filter(empty -> empty);
  }

  private void forget() {
    List.of(one, bare, twenty, decisions).forEach(List::clear);
  }

  private void report() {
    BenchPlace.print(BENCH, "bare_loop", "pods/s", bare);
    BenchPlace.print(BENCH, "one_pool_1000", "pods/s", one);
    BenchPlace.print(BENCH, "twenty_pools_50", "pods/s", twenty);
    BenchPlace.print(BENCH, "one_pool_share_of_bare", "%", share(one));
    BenchPlace.print(BENCH, "twenty_pools_share_of_bare", "%", share(twenty));
    BenchPlace.print(BENCH, "decision_p99_at_1000", "ms", decisions);
  }

  private List<Double> share(List<Double> rates) {
    List<Double> shares = new ArrayList<>();
    for (int run = 0; run < rates.size(); run++) {
      shares.add(100 * rates.get(run) / bare.get(run));
    }
    return shares;
  }
}
