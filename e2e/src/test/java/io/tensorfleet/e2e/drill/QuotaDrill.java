package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.e2e.drill.QuotaChecker.Said;
import io.tensorfleet.e2e.drill.QuotaChecker.Seen;
import io.tensorfleet.e2e.drill.QuotaChecker.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Pools whose Pods cannot start or cannot be made, beside one that could not be better: a quota, a
 * LimitRange, no node to fit on, no image, a crash loop.
 */
final class QuotaDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int QUOTA = 3;
  private static final int SIZE = 6;

  /** From here on it is a trouble that Pods fit on no node. */
  private static final int UNSCHEDULABLE_SECONDS = 125;

  private static final String NO_IMAGE = "spec: {containers: [{name: worker, image: 'nope:1'}]}";
  private static final String CRASHES = "spec: {containers: [{name: worker, image: 'crashes:1'}]}";
  private static final String NOWHERE = "spec: {nodeSelector: {example.com/nobody: has-it}}";
  private static final String HUNGRY =
      "spec: {containers: [{name: worker, resources: {requests: {memory: 256Mi}, limits: {memory: 256Mi}}}]}";

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    int seconds = sizes.get("WATCH_SECONDS", 150);
    return new Run(ground.cluster(), seconds).all(ground);
  }

  /** One run of the drill. */
  private static final class Run {
    private final Cluster cluster;
    private final int seconds;
    private final String main;
    private final String small;
    private final String limited;
    private final Instant begin = Instant.now();
    private final Stage stage;
    private final Map<String, String> namespaces = new HashMap<>();
    private final Map<String, Optional<Long>> millis = new HashMap<>();

    Run(Cluster cluster, int seconds) {
      this.cluster = cluster;
      this.seconds = seconds;
      this.main = cluster.namespace("causes");
      this.small = cluster.namespace("small");
      this.limited = cluster.namespace("limited");
      this.stage = cluster.stage(main, new History());
    }

    Findings all(Ground ground) {
      stage.cannotStart("nope:1", "ImagePullBackOff");
      stage.cannotStart("crashes:1", "CrashLoopBackOff");
      cluster.apply(quota(QUOTA));
      cluster.apply(limitRange());
      OperatorProcess.start(
          ground,
          cluster,
          Map.of(
              "ORCHESTRATOR_ADDRESS",
              stage.address(),
              "WATCH_NAMESPACES",
              String.join(",", main, small, limited)));
      pool(small, "small", "spec: {}");
      pool(limited, "limited", HUNGRY);
      pool(main, "nowhere", NOWHERE);
      pool(main, "noimage", NO_IMAGE);
      pool(main, "crashes", CRASHES);
      pool(main, "healthy", "spec: {}");
      long since = System.nanoTime();
      stage.submit(StageWork.HELD.in("healthy"), SIZE);
      millis.put("healthy", took(since, () -> ready("healthy", SIZE)));
      rest(seconds);
      since = System.nanoTime();
      stage.submit(StageWork.HELD.in("healthy"), SIZE);
      millis.put("grows_elsewhere", took(since, () -> ready("healthy", 2 * SIZE)));
      Seen seen = seen();
      millis.put(
          "quota_used_up", pods("small").size() == QUOTA ? Optional.of(0L) : Optional.empty());
      cluster.apply(quota(SIZE));
      since = System.nanoTime();
      millis.put("resumed", took(since, () -> pods("small").size() == SIZE));
      return new QuotaChecker(seconds)
          .check(wanted(), new Seen(seen.pools(), seen.said(), seen.events(), millis));
    }

    private Map<String, Wanted> wanted() {
      boolean lasts = seconds >= UNSCHEDULABLE_SECONDS;
      return Map.of(
          "small",
          new Wanted(
              "Degraded",
              "QuotaExceeded",
              List.of("quota few", "used: pods=3", "limited: pods=3", "3 of 6 workers")),
          "limited",
          new Wanted(
              "Degraded",
              "LimitRangeRefused",
              List.of("maximum memory usage per Container is 64Mi")),
          "nowhere",
          new Wanted(
              lasts ? "Degraded" : "Progressing",
              lasts ? "PodsUnschedulable" : "Starting",
              List.of("6 workers cannot be scheduled", "node")),
          "noimage",
          new Wanted("Degraded", "ImageUnavailable", List.of("6 workers cannot get the image")),
          "crashes",
          new Wanted("Degraded", "PodsCrashing", List.of("6 workers cannot stay up")));
    }

    private void pool(String namespace, String name, String template) {
      namespaces.put(name, namespace);
      cluster.apply(
          """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: %s, namespace: %s}
          spec:
            queue: %s
            maxReplicas: 20
            worker: {maxConcurrentTasks: 1}
            template: {%s}
          """
              .formatted(name, namespace, name, template));
      if (!name.equals("healthy")) {
        stage.submit(StageWork.HELD.in(name), SIZE);
      }
    }

    private String quota(int pods) {
      return """
          apiVersion: v1
          kind: ResourceQuota
          metadata: {name: few, namespace: %s}
          spec: {hard: {pods: '%d'}}
          """
          .formatted(small, pods);
    }

    private String limitRange() {
      return """
          apiVersion: v1
          kind: LimitRange
          metadata: {name: little, namespace: %s}
          spec: {limits: [{type: Container, max: {memory: 64Mi}}]}
          """
          .formatted(limited);
    }

    private List<Pod> pods(String pool) {
      return cluster
          .client()
          .pods()
          .inNamespace(namespaces.get(pool))
          .withLabel("tensorfleet.io/pool", pool)
          .list()
          .getItems();
    }

    private boolean ready(String pool, int count) {
      return pods(pool).stream().filter(Readiness::isPodReady).count() == count;
    }

    private Seen seen() {
      var asked = cluster.audit().since(begin).stream().filter(Audit.Request::byOperator).toList();
      return new Seen(
          namespaces.keySet().stream().sorted().map(name -> counted(name, asked)).toList(),
          each(this::said),
          each(this::told),
          Map.of());
    }

    private <T> Map<String, T> each(Function<String, T> of) {
      return namespaces.keySet().stream().collect(Collectors.toMap(name -> name, of));
    }

    private QuotaChecker.Pool counted(String pool, List<Audit.Request> asked) {
      var creations =
          asked.stream()
              .filter(r -> r.is("create", "pods") && r.namespace().equals(namespaces.get(pool)))
              .filter(r -> r.name().startsWith(pool + "-"))
              .toList();
      int made = (int) creations.stream().filter(Audit.Request::accepted).count();
      int writes =
          (int)
              asked.stream()
                  .filter(r -> r.resource().equals("workerpools") && r.name().equals(pool))
                  .filter(r -> r.isWrite() && r.namespace().equals(namespaces.get(pool)))
                  .count();
      int size = pool.equals("healthy") ? 2 * SIZE : SIZE;
      return new QuotaChecker.Pool(pool, size, made, creations.size() - made, writes);
    }

    private List<Said> said(String pool) {
      return cluster
          .pool(Objects.requireNonNull(namespaces.get(pool)), pool)
          .getStatus()
          .conditions()
          .stream()
          .map(c -> new Said(c.getType(), c.getStatus(), c.getReason(), c.getMessage()))
          .toList();
    }

    private List<String> told(String pool) {
      return cluster
          .client()
          .events()
          .v1()
          .events()
          .inNamespace(namespaces.get(pool))
          .list()
          .getItems()
          .stream()
          .filter(event -> "WorkerPool".equals(event.getRegarding().getKind()))
          .filter(event -> pool.equals(event.getRegarding().getName()))
          .map(Event::getNote)
          .toList();
    }

    private static Optional<Long> took(long since, java.util.function.BooleanSupplier happened) {
      try {
        Await.value(
            LIMIT, "the pool", () -> Optional.of(true).filter(_ -> happened.getAsBoolean()));
        return Optional.of((System.nanoTime() - since) / 1_000_000);
      } catch (AssertionError late) {
        return Optional.empty();
      }
    }

    private static void rest(int seconds) {
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      for (long left = seconds; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }
}
