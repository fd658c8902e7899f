package io.tensorfleet.e2e.drill;

import com.google.protobuf.util.Durations;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.TaskSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Long tasks that are cancelled as they run, and others that run past their time. */
final class CancelTimeoutDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String WORKER = "stopping";
  private static final int SLOTS = 10;

  /** Heartbeats so often that they tell when a task is held no more. */
  private static final Map<String, String> QUEUE = Map.of("HEARTBEAT_INTERVAL", "200ms");

  private static final int EPOCHS = 10_000;
  private static final int EPOCH_MILLIS = 100;
  private static final int RUN_TIMEOUT_MILLIS = 800;
  private static final TaskSpec LONG = Tasks.onlyTry(Tasks.lasting(EPOCHS, EPOCH_MILLIS));

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    var scene = new Scene(ground, ground.queue(QUEUE), new History());
    var worker =
        scene.worker(
            WORKER,
            Map.of(
                "MAX_CONCURRENT_TASKS", Integer.toString(SLOTS), "SIMULATION_FAULTS", "allowed"));
    cancels(scene, LONG, sizes.get("CANCELS", 100));
    timeouts(scene, LONG, sizes.get("TIMEOUTS", 100));
    scene.history().all(Event.Submitted.class).forEach(e -> scene.queue().ended(e.task(), LIMIT));
    ignoring(scene, worker, sizes.get("IGNORING", 4));
    scene.queue().submit(scene.history(), Tasks.lasting(2, 10), SLOTS);
    scene.queue().awaitEnds(scene.history(), LIMIT);
    note(scene, "active", worker.health().path("active_tasks").asLong());
    note(scene, "children", worker.program().handle().descendants().count());
    return new CancelTimeoutChecker(WORKER, SLOTS).check(scene.history().events());
  }

  private static void note(Scene scene, String what, long value) {
    scene.history().add(new Event.Noted(scene.history().now(), what, WORKER, value));
  }

  /** A job each, because it is jobs that are cancelled; each as soon as its task tells progress. */
  private static void cancels(Scene scene, TaskSpec spec, int count) {
    Set<String> left = new HashSet<>();
    for (int i = 0; i < count; i++) {
      left.addAll(scene.queue().submit(scene.history(), spec, 1));
    }
    while (!left.isEmpty()) {
      for (String task : Await.value(LIMIT, "a task to cancel", () -> running(scene, left))) {
        scene.queue().cancel(scene.history(), task, "the drill cancels it");
        left.remove(task);
      }
    }
  }

  private static Optional<List<String>> running(Scene scene, Set<String> among) {
    return Optional.of(
            scene.history().all(Event.Progressed.class).stream()
                .map(e -> e.token().task())
                .filter(among::contains)
                .distinct()
                .toList())
        .filter(found -> !found.isEmpty());
  }

  /** Tasks that do not react to being stopped, half of them cancelled and half timed out. */
  private static void ignoring(Scene scene, WorkerProcess worker, int count) {
    var deaf = LONG.toBuilder().putHyperparameters("simulation.ignore_stop", "true").build();
    int before = scene.history().all(Event.Submitted.class).size();
    cancels(scene, deaf, count / 2);
    released(scene, worker, before);
    int between = scene.history().all(Event.Submitted.class).size();
    timeouts(scene, deaf, count - count / 2);
    released(scene, worker, between);
  }

  /** Waits until all tasks after the first so many have begun, and none runs any more. */
  private static void released(Scene scene, WorkerProcess worker, int first) {
    for (var submitted : scene.history().all(Event.Submitted.class).stream().skip(first).toList()) {
      String task = submitted.task();
      scene.history().add(new Event.Noted(submitted.at(), "ignores", task, 1));
      scene.history().await(Event.Leased.class, LIMIT, e -> e.token().task().equals(task));
    }
    worker.awaitHealth("active_tasks", "0", LIMIT);
    note(scene, "released", 0);
  }

  private static void timeouts(Scene scene, TaskSpec spec, int count) {
    if (count == 0) {
      return;
    }
    var timed = spec.toBuilder().setRunTimeout(Durations.fromMillis(RUN_TIMEOUT_MILLIS)).build();
    for (String task : scene.queue().submit(scene.history(), timed, count)) {
      scene
          .history()
          .add(new Event.Noted(scene.history().now(), "run_timeout", task, RUN_TIMEOUT_MILLIS));
    }
  }
}
