package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.Map;

/** SIGTERM to a worker whose tasks take longer than its grace, with another worker free. */
final class DrainOverrunDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Map<String, String> QUEUE =
      Map.of("HEARTBEAT_INTERVAL", "1s", "LEASE", "6s");
  private static final String ELSEWHERE = "elsewhere";
  private static final int EPOCHS = 30;
  private static final int EPOCH_MILLIS = 200;

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    int tasks = sizes.get("TASKS", 8);
    var scene = new Scene(ground, ground.queue(QUEUE), new History());
    var settings =
        Map.of("MAX_CONCURRENT_TASKS", Integer.toString(tasks), "DRAIN_TIMEOUT", "1500ms");
    var leaving = scene.worker(DrainOverrunChecker.LEAVING, settings);
    scene.worker(ELSEWHERE, settings);
    scene.queue().cordon(ELSEWHERE);
    var spec = Tasks.onlyTry(Tasks.lasting(EPOCHS, EPOCH_MILLIS));
    scene.queue().submit(scene.history(), spec, tasks);
    scene.awaitRunning(DrainOverrunChecker.LEAVING, tasks);
    scene.queue().uncordon(ELSEWHERE);
    leaving.signal(scene.history(), "TERM");
    leaving.awaitExit(scene.history(), LIMIT);
    scene.queue().awaitEnds(scene.history(), LIMIT);
    return new DrainOverrunChecker(tasks).check(scene.history().events());
  }
}
