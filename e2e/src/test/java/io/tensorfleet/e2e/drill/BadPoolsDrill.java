package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Malformed and strange WorkerPools, settings and requests; the operator must go on as before. */
final class BadPoolsDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(");

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    var cluster = ground.cluster();
    String namespace = cluster.namespace("bad");
    var stage = cluster.stage(namespace, new History());
    var settings = Map.of("ORCHESTRATOR_ADDRESS", stage.address(), "WATCH_NAMESPACES", namespace);
    var operator = OperatorProcess.start(ground, cluster, settings);
    cluster.apply(neighbour(namespace));
    stage.submit(StageWork.HELD.in("good"), 1);
    stage.await(LIMIT, "the neighbour's task runs", it -> it.running() == 1);
    String first = pods(cluster, namespace);

    List<Reply> replies = new ArrayList<>(new PoolDoor(cluster, namespace).tryAll());
    var http = new HttpDoor(operator.metricsPort(), sizes.get("SEED", 1));
    replies.addAll(http.tryAll(sizes.get("RANDOM", 100)));
    replies.addAll(OperatorEnvironmentDoor.tryAll(ground, sizes.get("OPERATOR_STARTS", 7)));

    Duration watched = Duration.ofSeconds(sizes.get("QUIET_SECONDS", 15));
    Instant begin = Instant.now();
    LockSupport.parkNanos(watched.toNanos());
    long requests =
        cluster.audit().since(begin).stream()
            .filter(r -> r.byOperator() && r.isWrite() && r.namespace().equals(namespace))
            .count();
    boolean kept = pods(cluster, namespace).equals(first);
    stage.submit(StageWork.HELD.in("good"), 2);
    boolean works = works(stage);
    return new BadPoolsChecker(
            new BadInputChecker(
                Map.of(
                    Reply.Door.RESOURCE, 200,
                    Reply.Door.HTTP, sizes.get("RANDOM", 100) + 100,
                    Reply.Door.ENVIRONMENT, 12)))
        .check(
            replies,
            new BadPoolsChecker.Afterwards(
                operator.program().alive(),
                works,
                kept,
                TRACE.matcher(operator.program().text()).results().count(),
                requests * 60.0 / watched.toSeconds()));
  }

  private static boolean works(Stage stage) {
    try {
      stage.await(LIMIT, "the neighbour grows", it -> it.running() == 3);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private static String pods(Cluster cluster, String namespace) {
    return Await.value(
        LIMIT,
        "the neighbour's Pod",
        () ->
            Optional.of(
                    cluster
                        .client()
                        .pods()
                        .inNamespace(namespace)
                        .withLabel("tensorfleet.io/pool", "neighbour")
                        .list()
                        .getItems()
                        .stream()
                        .map(pod -> pod.getMetadata().getUid())
                        .sorted()
                        .toList()
                        .toString())
                .filter(text -> text.length() > 2));
  }

  private static String neighbour(String namespace) {
    return """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: neighbour, namespace: %s}
        spec: {queue: good, worker: {maxConcurrentTasks: 1}}
        """
        .formatted(namespace);
  }
}
