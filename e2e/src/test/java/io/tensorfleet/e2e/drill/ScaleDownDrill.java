package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Pools shrink again and again while some of their workers are busy, and new tasks come at the very
 * moment; then two queues swing between work and none, faster than one pool's window and slower
 * than the other's.
 */
final class ScaleDownDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SWING = Duration.ofSeconds(5);
  private static final Duration SHORT_WINDOW = Duration.ofSeconds(2);
  private static final int MOST_WORKERS = 8;
  private static final int TRIES_A_ROUND = 3;

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    int rounds = sizes.get("ROUNDS", 200);
    var window = Duration.ofSeconds(sizes.get("WINDOW", 60));
    var random = new Random(sizes.get("SEED", 1));
    Play play = scene(ground);
    shrink(play, rounds, random);
    swing(play, Duration.ofSeconds(sizes.get("SECONDS", 300)), window);
    return new ScaleDownChecker(rounds, Map.of("short", SHORT_WINDOW, "long", window))
        .check(play.history().events());
  }

  private record Play(
      Cluster cluster, String namespace, Stage stage, PoolWatch watch, History history) {
    void pool(String name, Duration window) {
      cluster.apply(
          """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: %s, namespace: %s}
          spec:
            queue: %s
            maxReplicas: %d
            worker: {maxConcurrentTasks: 1}
            scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: %d}}}
          """
              .formatted(name, namespace, name, 2 * MOST_WORKERS, window.toSeconds()));
    }

    int left() {
      return history.all(Event.PodLeaving.class).size();
    }
  }

  private static Play scene(Ground ground) {
    var history = new History();
    var cluster = ground.cluster();
    String namespace = cluster.namespace("scale-down");
    var stage = cluster.stage(namespace, history);
    var watch = ground.own(new PoolWatch(cluster, namespace, history));
    OperatorProcess.start(ground, cluster, namespace, stage.address());
    return new Play(cluster, namespace, stage, watch, history);
  }

  private static void shrink(Play play, int rounds, Random random) {
    play.pool("default", Duration.ZERO);
    int done = 0;
    for (int tries = 0; done < rounds && tries < TRIES_A_ROUND * rounds + 10; tries++) {
      done += shrinks(play, random) ? 1 : 0;
    }
    play.stage().withdraw();
    play.stage().finishAll();
    play.stage().await(LIMIT, "no worker", s -> s.waiting() == 0 && s.workers().isEmpty());
  }

  /** Some workers become idle, others stay busy; now and then tasks come while the idle ones go. */
  private static boolean shrinks(Play play, Random random) {
    Stage stage = play.stage();
    int size = 3 + random.nextInt(MOST_WORKERS - 3);
    stage.waiting(Math.max(0, size - stage.running() - stage.waiting()));
    stage.await(LIMIT, size + " busy workers", s -> s.waiting() == 0 && s.running() >= size);
    int before = play.left();
    int busy = stage.running();
    int idle = 1 + random.nextInt(busy - 1);
    stage.finish(idle);
    if (random.nextBoolean()) {
      pause(Duration.ofMillis(random.nextInt(300)));
      stage.waiting(1 + random.nextInt(idle));
    }
    stage.await(
        LIMIT, "a worker to leave", s -> play.left() > before || s.running() + s.waiting() >= busy);
    boolean shrunk = play.left() > before;
    if (shrunk) {
      var history = play.history();
      history.add(new Event.Noted(history.now(), ScaleDownChecker.SHRUNK, "", stage.running()));
    }
    return shrunk;
  }

  private static void swing(Play play, Duration time, Duration window) {
    play.pool("short", SHORT_WINDOW);
    play.pool("long", window);
    var history = play.history();
    Duration end = history.now().plus(time);
    while (history.now().compareTo(end) < 0) {
      work(play);
      pause(SWING);
      play.stage().finishAll();
      history.add(new Event.Noted(history.now(), ScaleDownChecker.SWUNG, "", 0));
      pause(SWING);
    }
    work(play);
    play.stage().finishAll();
    play.stage().await(window.plus(LIMIT), "no worker", s -> s.workers().isEmpty());
    for (String pool : List.of("short", "long")) {
      var _ =
          Await.value(
              LIMIT,
              "the status of " + pool + " to say zero",
              () -> play.watch().said(PoolWatch.DESIRED, pool).filter(n -> n == 0));
    }
  }

  private static void work(Play play) {
    play.stage().submit(StageWork.HELD.in("short"), MOST_WORKERS);
    play.stage().submit(StageWork.HELD.in("long"), MOST_WORKERS);
    play.stage().await(LIMIT, "all at work", s -> s.waiting() == 0);
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
