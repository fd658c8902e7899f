package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.crds.WorkerPoolStatus.QueueStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a status is worth a write now. */
sealed interface StatusChange {
  /** Counters alone are written at most this often. */
  Duration JOINED = Duration.ofSeconds(1);

  /** Nothing that anybody would miss has changed. */
  record None() implements StatusChange {}

  /** Write it. */
  record Write() implements StatusChange {}

  /** Only counters have changed and the last write is too young, or it has just failed. */
  record Later(Duration delay) implements StatusChange {}

  static StatusChange of(PoolMemory memory, WorkerPoolStatus next, Instant now) {
    if (!memory.backlog().isEmpty()) {
      Duration pause = memory.backlog().pause(now);
      return pause.isPositive() ? new Later(pause) : new Write();
    }
    WorkerPoolStatus before = memory.status();
    if (essence(before).equals(essence(next))) {
      return new None();
    }
    Duration since = Duration.between(memory.statusAt(), now);
    boolean decided =
        !Objects.equals(before.desiredReplicas(), next.desiredReplicas())
            || !states(before).equals(states(next))
            || !Objects.equals(before.observedGeneration(), next.observedGeneration());
    if (decided || since.isNegative() || since.compareTo(JOINED) >= 0) {
      return new Write();
    }
    return new Later(JOINED.minus(since));
  }

  private static List<String> states(WorkerPoolStatus status) {
    return status.conditions().stream()
        .map(c -> c.getType() + c.getStatus() + c.getReason())
        .toList();
  }

  /** The status without the time at which the queue was seen. */
  private static WorkerPoolStatus essence(WorkerPoolStatus status) {
    return new WorkerPoolStatus(
        status.observedGeneration(),
        status.replicas(),
        status.readyReplicas(),
        status.startingReplicas(),
        status.busyReplicas(),
        status.idleReplicas(),
        status.drainingReplicas(),
        status.desiredReplicas(),
        status.updatedReplicas(),
        status.selector(),
        status.revision(),
        essence(status.queue()),
        status.decision(),
        status.lastScaleTime(),
        status.lastScaleReason(),
        status.replacements(),
        status.conditions());
  }

  private static @Nullable QueueStatus essence(@Nullable QueueStatus queue) {
    return queue == null
        ? null
        : new QueueStatus(queue.pending(), queue.running(), queue.oldestAge(), null);
  }
}
