package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.api.PodWriter;
import io.tensorfleet.operator.api.PodWriter.Annotated;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.queue.QueueReading;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps node autoscalers from busy workers: the only class that annotates Pods. */
final class PodMarker {
  private static final Logger log = LoggerFactory.getLogger(PodMarker.class);

  private final PodWriter pods;
  private final Parallel parallel;
  private final BiConsumer<PodRef, Pod> changed;

  /**
   * @param changed told each Pod that was annotated, as it was seen and as it is now
   */
  PodMarker(PodWriter pods, Parallel parallel, BiConsumer<PodRef, Pod> changed) {
    this.pods = pods;
    this.parallel = parallel;
    this.changed = changed;
  }

  /**
   * Marks and unmarks the Pods that the plan does not remove; nothing happens while nobody knows
   * who is busy, nor in a dry run. What to remember is in what comes back.
   */
  Observation mark(Observation seen, ScalePlan plan) {
    if (seen.dry() || !(seen.queue() instanceof QueueReading.Known)) {
      return seen;
    }
    List<Pod> staying = seen.staying(plan.retired());
    BusyMarks.Due due =
        seen.memory().upkeep().marks().due(staying, seen.lastKnownBusy(), seen.now());
    write(due.changes());
    return seen.marked(due.next());
  }

  private void write(List<BusyMarks.Change> changes) {
    List<Written> done = parallel.map(changes, this::write);
    done.stream()
        .map(Written::answer)
        .filter(Annotated.Refused.class::isInstance)
        .findFirst()
        .ifPresent(why -> log.warn("a Pod could not be annotated: {}", why));
    for (Written each : done) {
      if (each.answer() instanceof Annotated.Done(Pod pod)) {
        changed.accept(each.seen(), pod);
      }
    }
  }

  private Written write(BusyMarks.Change change) {
    return new Written(change.pod(), pods.annotate(change.pod(), change.annotations()));
  }

  private record Written(PodRef seen, Annotated answer) {}
}
