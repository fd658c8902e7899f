package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import java.time.Duration;
import java.util.Optional;

/**
 * The work, in slots and in workers.
 *
 * @param waitingSlots slots that the waiting work asks for: one a task, or fewer with a drain time
 * @param slots waiting, running and kept free together
 * @param workers the size that serves all these slots
 * @param tooFew waiting work exists, but less than an empty pool starts for
 */
record Demand(
    long waiting,
    long running,
    long delayed,
    long waitingSlots,
    int keptFree,
    long slots,
    int workers,
    boolean tooFew) {

  private static final long MOST_WORKERS = 1_000_000;

  /**
   * {@code empty}: the pool has no worker now, so that activation decides whether it gets its
   * first.
   */
  static Demand of(WorkerPoolSpec spec, Known queue, boolean empty) {
    long waiting = queue.waiting();
    long running = queue.running();
    int keptFree = spec.scaling().minIdle();
    boolean tooFew = empty && running == 0 && waiting > 0 && waiting < spec.scaling().activation();
    long waitingSlots = tooFew ? 0 : waitingSlots(spec, queue);
    long slots = waitingSlots + running + keptFree;
    long workers = Math.ceilDiv(slots, spec.slotsPerWorker());
    if (!empty && queue.delayed() > 0) {
      workers = Math.max(1, workers);
    }
    int bounded = (int) Math.min(MOST_WORKERS, workers);
    return new Demand(
        waiting, running, queue.delayed(), waitingSlots, keptFree, slots, bounded, tooFew);
  }

  private static long waitingSlots(WorkerPoolSpec spec, Known queue) {
    Optional<Duration> drain = spec.scaling().targetDrain();
    return queue.classes().stream()
        .mapToLong(work -> drain.map(time -> slots(work, time)).orElse(work.waiting()))
        .sum();
  }

  private static long slots(TaskClass work, Duration drain) {
    if (work.waiting() == 0 || work.meanSeconds() == 0) {
      return work.waiting();
    }
    double seconds = drain.toNanos() / 1e9;
    double needed = Math.ceil(work.waiting() * work.meanSeconds() / seconds);
    return Math.clamp((long) needed, 1, work.waiting());
  }
}
