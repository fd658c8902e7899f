package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The template of a pool is changed while every worker is busy and more tasks wait than they can
 * do: first to a good image with a canary, then to one that there is not, with rollback.
 */
final class RolloutDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String WORKED = "tensorfleet.io/worked";
  private static final int EPOCHS = 8;

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    int workers = sizes.get("WORKERS", 3);
    var rollout = new Run(ground, workers, new History());
    rollout.begin();
    rollout.change(sizes.get("TASKS", 8 * workers), sizes.get("EPOCH_MS", 500));
    rollout.spoil(4 * workers, sizes.get("EPOCH_MS", 500));
    rollout.queue.awaitEnds(rollout.history, LIMIT);
    return new RolloutChecker(workers).check(rollout.history.events());
  }

  /** One pool on a node of real workers. */
  private static final class Run {
    private final Cluster cluster;
    private final Queue queue;
    private final History history;
    private final int workers;
    private final String namespace;

    Run(Ground ground, int workers, History history) {
      this.cluster = ground.cluster();
      this.workers = workers;
      this.history = history;
      this.namespace = cluster.namespace("rollout");
      this.queue = ground.queue(Map.of());
      cluster.node();
      OperatorProcess.start(ground, cluster, namespace, queue.address());
      ground.own(new RolloutPods(cluster.client(), namespace, history));
    }

    void begin() {
      apply(Cluster.WORKER_IMAGE + ":1", "10m", false);
      await("every worker to be ready", s -> is(s.readyReplicas(), workers));
      // it has to have worked, so that there is something to go back to
      Await.value(LIMIT, "the first revision to have worked", this::worked);
      mark(RolloutChecker.FIRST);
    }

    private Optional<ControllerRevision> worked() {
      return cluster
          .client()
          .apps()
          .controllerRevisions()
          .inNamespace(namespace)
          .list()
          .getItems()
          .stream()
          .filter(r -> !r.getMetadata().getAnnotations().getOrDefault(WORKED, "").isEmpty())
          .findFirst();
    }

    void change(int tasks, int epochMillis) {
      load(tasks, epochMillis);
      apply(Cluster.WORKER_IMAGE + ":2", "10m", false);
      String first = revision();
      await("every worker on the new revision", s -> isUpdated(s, first));
      mark(RolloutChecker.GOOD);
      pods().forEach((revision, count) -> note(RolloutChecker.AFTER_GOOD, revision, count));
    }

    void spoil(int tasks, int epochMillis) {
      load(tasks, epochMillis);
      apply("there-is-no-such-image:1", "8s", true);
      var failed = await("the rollout to fail", s -> "ProgressDeadlineExceeded".equals(reason(s)));
      note(RolloutChecker.SAID, message(failed), 1);
      mark(RolloutChecker.BAD);
      Await.value(
          LIMIT,
          "the bad Pods to go",
          () -> Optional.of(pods()).filter(all -> !all.containsKey(revision())));
      pods().forEach((revision, count) -> note(RolloutChecker.AFTER_BAD, revision, count));
    }

    private void load(int tasks, int epochMillis) {
      queue.submit(history, Tasks.lasting(EPOCHS, epochMillis), tasks);
      var status = await("every worker to be busy", s -> is(s.busyReplicas(), workers));
      note(RolloutChecker.BUSY, namespace, Optional.ofNullable(status.busyReplicas()).orElse(0));
    }

    private boolean isUpdated(WorkerPoolStatus status, String first) {
      return !first.equals(status.revision())
          && is(status.updatedReplicas(), workers)
          && is(status.readyReplicas(), workers)
          && pods().keySet().equals(Set.of(String.valueOf(status.revision())));
    }

    private void mark(String what) {
      note(what, revision(), 0);
    }

    private void note(String what, String subject, long value) {
      history.add(new Event.Noted(history.now(), what, subject, value));
    }

    private String revision() {
      return String.valueOf(cluster.pool(namespace, "demo").getStatus().revision());
    }

    private Map<String, Long> pods() {
      List<Pod> all = cluster.client().pods().inNamespace(namespace).list().getItems();
      return all.stream()
          .collect(Collectors.groupingBy(RolloutPods::revision, Collectors.counting()));
    }

    private WorkerPoolStatus await(String what, Predicate<WorkerPoolStatus> wanted) {
      return Await.value(
          LIMIT,
          what,
          () -> Optional.ofNullable(cluster.pool(namespace, "demo").getStatus()).filter(wanted));
    }

    private void apply(String image, String deadline, boolean rollback) {
      cluster.apply(
          """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: demo, namespace: %s}
          spec:
            image: %s
            minReplicas: %d
            maxReplicas: %d
            worker: {maxConcurrentTasks: 2}
            update: {maxSurge: 1, canary: 30, progressDeadline: %s, rollback: %s}
          """
              .formatted(namespace, image, workers, workers, deadline, rollback));
    }

    private static boolean is(@Nullable Integer value, int wanted) {
      return value != null && value == wanted;
    }

    private static String reason(WorkerPoolStatus status) {
      return progressing(status).map(Condition::getReason).orElse("");
    }

    private static String message(WorkerPoolStatus status) {
      return progressing(status).map(Condition::getMessage).orElse("");
    }

    private static Optional<Condition> progressing(WorkerPoolStatus status) {
      return status.conditions().stream()
          .filter(c -> c.getType().equals("Progressing"))
          .findFirst();
    }
  }
}
