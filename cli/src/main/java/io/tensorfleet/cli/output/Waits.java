package io.tensorfleet.cli.output;

import io.tensorfleet.crds.Needs;
import io.tensorfleet.crds.Offer;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskState;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Why a task waits.
 *
 * @param pools every pool; empty where nobody knows which there are
 */
public record Waits(Optional<List<WorkerPool>> pools, List<WorkerState> workers) {
  public Waits {
    workers = List.copyOf(workers);
  }

  /** For tasks of which none waits. */
  public static Waits nothing() {
    return new Waits(Optional.empty(), List.of());
  }

  /** In a few words; nothing for a task that does not wait. */
  public String of(Task task, Instant now) {
    if (task.getState() != TaskState.TASK_STATE_WAITING) {
      return "";
    }
    if (task.hasNotBefore() && Text.instant(task.getNotBefore()).isAfter(now)) {
      Duration left = Duration.between(now, Text.instant(task.getNotBefore()));
      return "for its next try in " + Text.age(left.plusMillis(999));
    }
    Needs needs = needs(task);
    if (workerServes(task.getQueue(), needs)) {
      return "for a free slot";
    }
    return pools
        .map(all -> poolsServe(all, task.getQueue(), needs))
        .orElseGet(() -> needs.isNothing() ? "for a worker" : "no worker offers " + needs.text());
  }

  private static String poolsServe(List<WorkerPool> all, String queue, Needs needs) {
    List<WorkerPool> serving = all.stream().filter(p -> p.getSpec().queue().equals(queue)).toList();
    if (serving.isEmpty()) {
      return "no pool serves queue " + queue;
    }
    return serving.stream().anyMatch(p -> Offer.of(p.getSpec()).meets(needs))
        ? "for a free slot"
        : "no pool offers " + needs.text();
  }

  private boolean workerServes(String queue, Needs needs) {
    return workers.stream()
        .filter(w -> w.getConnected() && !w.getDraining() && !w.getCordoned())
        .filter(w -> w.getQueuesList().contains(queue))
        .anyMatch(w -> offer(w).meets(needs));
  }

  private static Offer offer(WorkerState worker) {
    return new Offer(
        OptionalInt.of(worker.getCapabilities().getGpuCount()),
        OptionalLong.of(worker.getCapabilities().getMemoryBytes()),
        worker.getLabelsMap());
  }

  private static Needs needs(Task task) {
    var requires = task.getSpec().getRequires();
    return new Needs(requires.getGpuCount(), requires.getMemoryBytes(), requires.getLabelsMap());
  }
}
