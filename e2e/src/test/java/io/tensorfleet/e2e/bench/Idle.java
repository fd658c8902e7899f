package io.tensorfleet.e2e.bench;

import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.e2e.drill.Audit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the operator costs at rest: 1,000 pools with a queue each and 10 ready Pods each, which KWOK
 * plays. Processor and memory from Linux, writes from the API server's audit log. The heap is 256
 * MB (OPERATOR_JAVA_OPTIONS sets another); the process is the one that made all the Pods.
 */
public final class Idle {
  private static final String BENCH = "idle";
  private static final Duration SETTLED = Duration.ofSeconds(20);

  private final BenchPlace place;
  private final String namespace;
  private final int pools = BenchPlace.number("POOLS", 1_000);
  private final int podsEach = BenchPlace.number("PODS", 10);

  private Idle(BenchPlace place) {
    this.place = place;
    this.namespace = place.cluster.namespace("idle");
  }

  /** POOLS (default 1,000), PODS each (default 10), SECONDS (default 60), RUNS (default 3). */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = BenchPlace.number("SECONDS", 60);
    try (var place = BenchPlace.open()) {
      Kwok.start(place.ground, place.cluster);
      var bench = new Idle(place);
      bench.fill();
      for (int run = 0; run < BenchPlace.number("RUNS", 3); run++) {
        bench.rest(Duration.ofSeconds(seconds));
      }
    }
  }

  private void fill() {
    for (int n = 0; n < pools; n++) {
      place.pool(
          namespace,
          "pool-" + n,
          "queue: q-" + n + "\n  minReplicas: " + podsEach + "\n  maxReplicas: " + podsEach);
    }
    Await.value(BenchPlace.PATIENCE, "all workers to be ready", this::allReady);
    Await.value(BenchPlace.PATIENCE, "no write for a while", this::settled);
  }

  private Optional<Boolean> allReady() {
    long ready =
        place.client().resources(WorkerPool.class).inNamespace(namespace).list().getItems().stream()
            .map(WorkerPool::getStatus)
            .filter(s -> s != null && s.readyReplicas() != null && s.readyReplicas() == podsEach)
            .count();
    return Optional.of(ready == pools).filter(all -> all);
  }

  private Optional<Boolean> settled() {
    return Optional.of(writes(Instant.now().minus(SETTLED)).isEmpty()).filter(quiet -> quiet);
  }

  private List<Audit.Request> writes(Instant since) {
    return place.cluster.audit().since(since).stream()
        .filter(request -> request.byOperator() && request.isWrite())
        .toList();
  }

  private void rest(Duration time) throws IOException, InterruptedException {
    long pid = place.operator.program().handle().pid();
    Instant begun = Instant.now();
    double before = cpuSeconds(pid);
    Thread.sleep(time);
    double used = cpuSeconds(pid) - before;
    double wall = BenchPlace.seconds(begun, Instant.now());
    print("cpu", "% of a core", 100 * used / wall);
    print("resident", "MB", Resident.atRest(pid));
    print("writes", "requests", writes(begun).size());
  }

  private static void print(String metric, String unit, double value) {
    BenchPlace.print(BENCH, metric, unit, List.of(value));
  }

  /** User and system time of a process, from fields 14 and 15 of its stat, in ticks of 10 ms. */
  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }
}
