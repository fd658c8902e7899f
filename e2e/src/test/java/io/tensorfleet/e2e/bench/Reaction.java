package io.tensorfleet.e2e.bench;

import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.CancelJobRequest;
import io.tensorfleet.proto.v1.SubmitRequest;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Submit → first Pod created, 0 → 10, 100 and 1,000 Pods created, and back to none, by the time at
 * which the API server received each request. Nobody runs the Pods: no node is there, the tasks
 * wait, and the Pods go as they came when the job is cancelled.
 */
public final class Reaction {
  private static final String BENCH = "reaction";
  private static final List<Integer> SIZES = List.of(10, 100, 1_000);

  private final BenchPlace place;
  private final String namespace;

  private Reaction(BenchPlace place) {
    this.place = place;
    this.namespace = place.cluster.namespace("reaction");
    place.pool(namespace, "pool", "maxReplicas: " + SIZES.getLast());
  }

  /** ROUNDS (default 50) submits of one task; RUNS (default 3) of each size. */
  public static void main(String[] args) throws IOException {
    try (var place = BenchPlace.open()) {
      var bench = new Reaction(place);
      bench.firstPods(5);
      bench.grow(SIZES.getLast());
      var first = bench.firstPods(BenchPlace.number("ROUNDS", 50));
      BenchPlace.print(BENCH, "first_pod_p50", "ms", List.of(BenchPlace.quantile(first, 0.5)));
      BenchPlace.print(BENCH, "first_pod_p99", "ms", List.of(BenchPlace.quantile(first, 0.99)));
      for (int size : SIZES) {
        bench.report(size, BenchPlace.number("RUNS", 3));
      }
    }
  }

  private void report(int size, int runs) {
    List<Double> up = new ArrayList<>();
    List<Double> down = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Grown grown = grow(size);
      up.add(grown.up());
      down.add(grown.down());
    }
    BenchPlace.print(BENCH, "created_" + size, "ms", up);
    BenchPlace.print(BENCH, "removed_" + size, "ms", down);
  }

  /** Milliseconds from a submit to the first creation, for each of the rounds. */
  private List<Double> firstPods(int rounds) {
    List<Instant> submits = new ArrayList<>();
    Instant begun = Instant.now();
    for (int round = 0; round < rounds; round++) {
      submits.add(Instant.now());
      String job = submit(1);
      place.awaitPods(namespace, 1);
      cancel(job);
      place.awaitPods(namespace, 0);
    }
    List<Instant> creations = place.podCalls("create", namespace, begun);
    return submits.stream()
        .map(submit -> creations.stream().filter(c -> c.isAfter(submit)).findFirst().orElseThrow())
        .map(
            creation ->
                BenchPlace.seconds(submits.get(creations.indexOf(creation)), creation) * 1_000)
        .toList();
  }

  private record Grown(double up, double down) {}

  /** From nothing to so many Pods and back. */
  private Grown grow(int size) {
    Instant submitted = Instant.now();
    String job = submit(size);
    place.awaitPods(namespace, size);
    Instant cancelled = Instant.now();
    cancel(job);
    place.awaitPods(namespace, 0);
    awaitQuiet();
    List<Instant> creations = place.podCalls("create", namespace, submitted);
    List<Instant> deletions = place.podCalls("delete", namespace, cancelled);
    return new Grown(
        BenchPlace.seconds(submitted, creations.get(size - 1)) * 1_000,
        BenchPlace.seconds(cancelled, deletions.get(size - 1)) * 1_000);
  }

  /** Until the pool says that it is empty. */
  private void awaitQuiet() {
    Await.value(
        Duration.ofMinutes(2),
        "the pool to say that it is empty",
        () ->
            Optional.ofNullable(place.cluster.pool(namespace, "pool").getStatus())
                .filter(status -> status.replicas() != null && status.replicas() == 0));
  }

  private String submit(int tasks) {
    var task = TaskSpec.newBuilder().setModelType("xgboost").setEpochs(1).build();
    var group = TaskGroup.newBuilder().setTemplate(task).setCount(tasks);
    return place
        .queue
        .client()
        .jobs()
        .submit(SubmitRequest.newBuilder().addGroups(group).build())
        .getJobId();
  }

  private void cancel(String job) {
    var request = CancelJobRequest.newBuilder().setJobId(job).setReason("enough").build();
    var _ = place.queue.client().jobs().cancelJob(request);
  }
}
