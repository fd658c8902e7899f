package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A queue and its workers, each behind a recorder that writes to one history. */
record Scene(Ground ground, Queue queue, History history) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A recorder for a worker of this name, which the ground ends. */
  Recorder recorder(String worker) {
    return ground.own(new Recorder(worker, queue.address(), history));
  }

  /** A worker behind a recorder; it is welcome when this returns, and the ground ends it. */
  WorkerProcess worker(String id, Map<String, String> settings) {
    return worker(id, settings, recorder(id));
  }

  WorkerProcess worker(String id, Map<String, String> settings, Recorder recorder) {
    var all = new HashMap<>(settings);
    all.put("ORCHESTRATOR_ADDRESS", recorder.address());
    var worker = ground.own(WorkerProcess.start(id, all, ground.folder(id)));
    history.await(Event.Welcomed.class, LIMIT, e -> e.worker().equals(id));
    return worker;
  }

  /** Waits until so many tasks of the worker have told progress. */
  void awaitRunning(String worker, int tasks) {
    io.tensorfleet.e2e.Await.value(
        LIMIT,
        tasks + " tasks with progress on " + worker,
        () ->
            java.util.Optional.of(
                    history.all(Event.Progressed.class).stream()
                        .filter(e -> e.worker().equals(worker))
                        .map(Event.Progressed::token)
                        .distinct()
                        .count())
                .filter(count -> count >= tasks));
  }
}
