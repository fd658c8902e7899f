package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.Map;

/**
 * SIGTERM to a worker with all its slots busy and as many tasks waiting: what runs ends there, and
 * the rest on another worker. Then a second SIGTERM to a worker whose tasks are long.
 */
final class DrainDrill implements Drill {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Map<String, String> QUEUE =
      Map.of("HEARTBEAT_INTERVAL", "1s", "LEASE", "6s");
  private static final int EPOCHS = 8;
  private static final int LONG_MILLIS = 1_000;

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    int tasks = sizes.get("TASKS", 8);
    var queue = ground.queue(QUEUE);
    var calm = new History();
    calmly(new Scene(ground, queue, calm), tasks, sizes.get("EPOCH_MS", 500));
    var hastened = new History();
    hastened(new Scene(ground, queue, hastened), tasks);
    return new DrainChecker(tasks, GRACE).check(calm.events(), hastened.events());
  }

  private static void calmly(Scene scene, int tasks, int epochMillis) throws Exception {
    var leaving = scene.worker(DrainChecker.LEAVING, settings(tasks));
    scene.queue().submit(scene.history(), Tasks.lasting(EPOCHS, epochMillis), 2 * tasks);
    scene.awaitRunning(DrainChecker.LEAVING, tasks);
    leaving.signal(scene.history(), "TERM");
    var staying = scene.worker("staying", settings(tasks));
    leaving.awaitExit(scene.history(), GRACE.plusSeconds(30));
    scene.queue().awaitEnds(scene.history(), LIMIT);
    staying.close();
  }

  /** Each task has but one try, so that a hand-back that counts as one is the end of it. */
  private static void hastened(Scene scene, int tasks) throws Exception {
    var leaving = scene.worker(DrainChecker.HASTENED, settings(tasks));
    scene.queue().submit(scene.history(), Tasks.onlyTry(Tasks.lasting(EPOCHS, LONG_MILLIS)), tasks);
    scene.awaitRunning(DrainChecker.HASTENED, tasks);
    leaving.signal(scene.history(), "TERM");
    leaving.awaitHealth("status", "DRAINING", LIMIT);
    leaving.signal(scene.history(), "TERM");
    leaving.awaitExit(scene.history(), GRACE.plusSeconds(30));
    scene.worker("elsewhere", settings(tasks));
    scene.queue().awaitEnds(scene.history(), LIMIT);
  }

  private static Map<String, String> settings(int slots) {
    return Map.of(
        "MAX_CONCURRENT_TASKS", Integer.toString(slots), "DRAIN_TIMEOUT", GRACE.toSeconds() + "s");
  }
}
