package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import io.tensorfleet.e2e.drill.StageService.Manner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The orchestrator goes, hangs, and answers nonsense, each time just as a pool has a surplus that
 * is about to leave. One pool has workers, the other is at zero and has a fallback.
 */
final class FailStaticDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int WORKERS = 4;
  private static final List<Manner> MANNERS = List.of(Manner.AWAY, Manner.HANGS, Manner.NONSENSE);

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    var history = new History();
    var cluster = ground.cluster();
    String namespace = cluster.namespace("fail-static");
    var stage = cluster.stage(namespace, history);
    var play = new Play(cluster, namespace, stage, history);
    var watch = ground.own(new PoolWatch(cluster, namespace, history));
    OperatorProcess.start(ground, cluster, namespace, stage.address());
    play.pool("warm", "default", "{action: Hold}");
    play.pool("cold", "cold", "{action: Static, after: 5s, replicas: 2}");
    for (Manner manner : MANNERS) {
      fail(play, watch, manner, Duration.ofSeconds(sizes.get("SECONDS", 300)));
    }
    play.events();
    return new FailStaticChecker(MANNERS.stream().map(Manner::name).toList())
        .check(history.events());
  }

  private record Play(Cluster cluster, String namespace, Stage stage, History history) {
    void pool(String name, String queue, String fallback) {
      cluster.apply(
          """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: %s, namespace: %s}
          spec:
            queue: %s
            maxReplicas: %d
            worker: {maxConcurrentTasks: 1}
            scaling:
              fallback: %s
              behavior: {scaleDown: {stabilizationWindowSeconds: 6}}
          """
              .formatted(name, namespace, queue, WORKERS, fallback));
    }

    void note(String what, String subject) {
      history.add(new Event.Noted(history.now(), what, subject, 0));
    }

    long pods(String pool) {
      return cluster
          .client()
          .pods()
          .inNamespace(namespace)
          .withLabel("tensorfleet.io/pool", pool)
          .list()
          .getItems()
          .size();
    }

    int busy() {
      var status = cluster.pool(namespace, "warm").getStatus();
      return status == null || status.busyReplicas() == null ? 0 : status.busyReplicas();
    }

    /** The events about pools, each at its own time. */
    void events() {
      for (var event :
          cluster.client().events().v1().events().inNamespace(namespace).list().getItems()) {
        if ("WorkerPool".equals(event.getRegarding().getKind())) {
          long at = Instant.parse(event.getEventTime().getTime()).toEpochMilli();
          String text =
              event.getRegarding().getName() + ": " + event.getReason() + ": " + event.getNote();
          history.add(new Event.Noted(history.ofWall(at), FailStaticChecker.TOLD, text, 0));
        }
      }
    }
  }

  private static void fail(Play play, PoolWatch watch, Manner manner, Duration time) {
    Stage stage = play.stage();
    stage.waiting(WORKERS);
    stage.await(LIMIT, "all at work", s -> s.running() == WORKERS && s.waiting() == 0);
    await("cold at zero", () -> play.pods("cold") == 0);
    stage.finish(WORKERS / 2);
    await("the surplus to show", () -> play.busy() == WORKERS / 2);
    play.note(FailStaticChecker.FAILS, manner.name());
    stage.turn(manner);
    await("the loss to show", () -> reachable(watch, 0));
    stage.finishAll();
    LockSupport.parkNanos(time.toNanos());
    await("the fallback", () -> play.pods("cold") == 2);
    play.note(FailStaticChecker.MENDED, manner.name());
    stage.turn(Manner.SERVES);
    await("the queue to be known again", () -> reachable(watch, 1));
    await("the idle workers to leave", () -> play.pods("warm") + play.pods("cold") == 0);
    play.note(FailStaticChecker.SETTLED, manner.name());
  }

  private static boolean reachable(PoolWatch watch, long is) {
    return watch.said(PoolWatch.REACHABLE, "warm").equals(Optional.of(is))
        && watch.said(PoolWatch.REACHABLE, "cold").equals(Optional.of(is));
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    var _ = Await.value(LIMIT, what, () -> Optional.of(what).filter(_ -> condition.getAsBoolean()));
  }
}
