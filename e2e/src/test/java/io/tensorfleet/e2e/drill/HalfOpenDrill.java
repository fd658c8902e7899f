package io.tensorfleet.e2e.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Packets between two workers and their orchestrator are dropped both ways without a word, as a
 * dead firewall does: one worker is busy, the other idle.
 */
final class HalfOpenDrill implements Drill {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int EPOCHS = 3_000;

  private record Stage(Scene scene, Netns net, Map<String, WorkerProcess> workers) {
    WorkerProcess worker(String id) {
      return Optional.ofNullable(workers.get(id)).orElseThrow();
    }

    void note(String what, String subject, long value) {
      scene.history().add(new Event.Noted(scene.history().now(), what, subject, value));
    }
  }

  @Override
  public String missing() {
    return Netns.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    var net = ground.own(new Netns());
    var queue = ground.queue(Map.of("GRPC_ADDRESS", net.outsideAddress() + ":0"));
    var scene = new Scene(ground, queue, new History());
    var stage =
        new Stage(
            scene,
            net,
            Map.of(
                HalfOpenChecker.BUSY, worker(scene, net, HalfOpenChecker.BUSY, "default"),
                HalfOpenChecker.IDLE, worker(scene, net, HalfOpenChecker.IDLE, "others")));
    queue.submit(scene.history(), Tasks.lasting(EPOCHS, 100), 1);
    stage.worker(HalfOpenChecker.BUSY).awaitHealth("active_tasks", "1", LIMIT);
    for (String worker : HalfOpenChecker.WORKERS) {
      await(stage, worker, "connected_first", () -> isConnected(stage, worker));
    }
    cut(stage, Duration.ofSeconds(sizes.get("CUT_SECONDS", 40)));
    mended(stage);
    return new HalfOpenChecker().check(scene.history().events());
  }

  private static WorkerProcess worker(Scene scene, Netns net, String id, String queue) {
    var settings =
        Map.of(
            "QUEUES", queue, "ORCHESTRATOR_ADDRESS", scene.queue().address(), "LOG_LEVEL", "debug");
    return scene
        .ground()
        .own(WorkerProcess.start(id, settings, scene.ground().folder(id), net.place()));
  }

  /** The rest of the time is for what a storm of connects would be seen in. */
  private static void cut(Stage stage, Duration length) throws Exception {
    long before = stage.net().connects();
    stage.net().cut();
    stage.note("cut", "", 0);
    Duration end = stage.scene().history().now().plus(length);
    for (String worker : HalfOpenChecker.WORKERS) {
      new Thread(() -> noticing(stage, worker), "noticing-" + worker).start();
    }
    for (String worker : HalfOpenChecker.WORKERS) {
      await(stage, worker, "orchestrator_noticed", () -> !isConnected(stage, worker));
    }
    Await.value(
        length.plusSeconds(1),
        "the end of the cut",
        () -> Optional.of(1).filter(_ -> stage.scene().history().now().compareTo(end) > 0));
    stage.note("connects", "", stage.net().connects() - before);
  }

  private static void noticing(Stage stage, String worker) {
    await(stage, worker, "worker_noticed", () -> !"connected".equals(connection(stage, worker)));
  }

  private static void mended(Stage stage) throws Exception {
    stage.net().mend();
    stage.note("mended", "", 0);
    for (String worker : HalfOpenChecker.WORKERS) {
      await(stage, worker, "recovered", () -> isConnected(stage, worker));
    }
    var queue = stage.scene().queue();
    var task = stage.scene().history().all(Event.Submitted.class).getFirst().task();
    queue.cancel(stage.scene().history(), task, "the drill is over");
    queue
        .submit(stage.scene().history(), Tasks.lasting(2, 10), 4)
        .forEach(t -> queue.ended(t, LIMIT));
    queue.awaitEnds(stage.scene().history(), LIMIT);
  }

  private static String connection(Stage stage, String worker) {
    JsonNode health = stage.worker(worker).health();
    return health.path("orchestrator_connection").asText();
  }

  private static boolean isConnected(Stage stage, String worker) {
    return stage.scene().queue().worker(worker).filter(WorkerState::getConnected).isPresent();
  }

  /** Notes when it came true; past the limit nothing is noted, and the checker says so. */
  private static void await(Stage stage, String worker, String what, BooleanSupplier holds) {
    try {
      Await.value(LIMIT, what, () -> Optional.of(1).filter(_ -> holds.getAsBoolean()));
      stage.note(what, worker, 0);
    } catch (AssertionError late) {
      System.err.println("half-open: " + worker + ": " + late.getMessage());
    }
  }
}
