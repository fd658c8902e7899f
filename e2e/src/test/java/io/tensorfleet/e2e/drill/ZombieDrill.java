package io.tensorfleet.e2e.drill;

import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A worker is stopped past its lease and goes on, again and again. Each time it holds a task that
 * it has finished and one that it has not, and what it last said of both is still under way: it
 * reaches the queue when another worker has long taken over.
 */
final class ZombieDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Map<String, String> QUEUE =
      Map.of("HEARTBEAT_INTERVAL", "300ms", "LEASE", "1500ms");
  private static final String OTHER = "other";
  private static final int SHORT = 12;
  private static final int LONG = 40;
  private static final int EPOCH_MILLIS = 60;

  /** The parts of one round after another. */
  private record Stage(Scene scene, WorkerProcess zombie, Recorder recorder) {
    History history() {
      return scene.history();
    }

    List<String> submit(int epochs) {
      return scene.queue().submit(history(), Tasks.lasting(epochs, EPOCH_MILLIS), 1);
    }
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    int rounds = sizes.get("ROUNDS", 50);
    var scene = new Scene(ground, ground.queue(QUEUE), new History());
    var recorder = scene.recorder(ZombieChecker.ZOMBIE);
    var settings = Map.of("MAX_CONCURRENT_TASKS", "2");
    var zombie = scene.worker(ZombieChecker.ZOMBIE, settings, recorder);
    scene.worker(OTHER, settings);
    var stage = new Stage(scene, zombie, recorder);
    int tried = 0;
    for (int i = 0; tried < rounds && i < 2 * rounds; i++) {
      tried += round(stage) ? 1 : 0;
    }
    stage.scene().queue().cordon(OTHER);
    stage.submit(SHORT);
    scene.queue().awaitEnds(scene.history(), LIMIT);
    return new ZombieChecker(rounds).check(scene.history().events());
  }

  /** False where a task had ended before its words could be held back, on a busy machine. */
  private static boolean round(Stage stage) throws Exception {
    stage.scene().queue().cordon(OTHER);
    var brief = stage.submit(SHORT).getFirst();
    var lengthy = stage.submit(LONG).getFirst();
    progress(stage, brief);
    progress(stage, lengthy);
    stage.recorder().hold();
    if (told(stage, brief) || told(stage, lengthy)) {
      stage.recorder().release();
      ended(stage, brief, lengthy);
      return false;
    }
    sleepPastTheLease(stage, brief, lengthy);
    ended(stage, brief, lengthy);
    return true;
  }

  private static boolean told(Stage stage, String task) {
    return stage
        .history()
        .first(Event.Reported.class, e -> e.token().task().equals(task))
        .isPresent();
  }

  private static void sleepPastTheLease(Stage stage, String brief, String lengthy)
      throws Exception {
    Await.value(
        LIMIT,
        "the zombie to finish a task",
        () ->
            Optional.of(stage.zombie().health().path("active_tasks").asInt())
                .filter(active -> active < 2));
    stage.zombie().signal(stage.history(), "STOP");
    stage.scene().queue().uncordon(OTHER);
    takenOver(stage, brief);
    takenOver(stage, lengthy);
    stage.zombie().signal(stage.history(), "CONT");
    stage.recorder().release();
  }

  private static void ended(Stage stage, String brief, String lengthy) {
    stage.scene().queue().uncordon(OTHER);
    stage.scene().queue().ended(brief, LIMIT);
    stage.scene().queue().ended(lengthy, LIMIT);
    stage.zombie().awaitHealth("active_tasks", "0", LIMIT);
    stage.zombie().awaitHealth("orchestrator_connection", "connected", LIMIT);
  }

  private static void progress(Stage stage, String task) {
    stage.history().await(Event.Progressed.class, LIMIT, e -> e.token().task().equals(task));
  }

  private static void takenOver(Stage stage, String task) {
    stage
        .history()
        .await(
            Event.Leased.class,
            LIMIT,
            e -> e.worker().equals(OTHER) && e.token().task().equals(task));
  }
}
