package io.tensorfleet.operator.queue;

import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.TaskClass;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.Optional;

/** Tells a snapshot that can be believed from nonsense, which is taken as no snapshot at all. */
final class Snapshots {
  private Snapshots() {}

  /** What is wrong with the snapshot, in a sentence. */
  static Optional<String> mistake(QueueSnapshot snapshot) {
    if (snapshot.getWaiting() < 0 || snapshot.getDelayed() < 0 || snapshot.getRunning() < 0) {
      return Optional.of(
          "the orchestrator counted less than nothing: waiting "
              + snapshot.getWaiting()
              + ", delayed "
              + snapshot.getDelayed()
              + ", running "
              + snapshot.getRunning());
    }
    return snapshot.getWorkersList().stream()
        .filter(Snapshots::isNonsense)
        .findFirst()
        .map(
            w -> "the orchestrator spoke of a worker \"" + w.getWorkerId() + "\" with " + counts(w))
        .or(() -> classMistake(snapshot));
  }

  private static Optional<String> classMistake(QueueSnapshot snapshot) {
    return snapshot.getClassesList().stream()
        .filter(Snapshots::isNonsense)
        .findFirst()
        .map(c -> "the orchestrator counted less than nothing for " + c.getModelType());
  }

  private static boolean isNonsense(WorkerState worker) {
    return worker.getWorkerId().isEmpty() || worker.getBusy() < 0 || worker.getSlots() < 0;
  }

  private static boolean isNonsense(TaskClass tasks) {
    return tasks.getWaiting() < 0
        || tasks.getRunning() < 0
        || tasks.getDelayed() < 0
        || !Double.isFinite(tasks.getMeanSeconds())
        || tasks.getMeanSeconds() < 0;
  }

  private static String counts(WorkerState worker) {
    return worker.getBusy() + " of " + worker.getSlots() + " slots busy";
  }
}
