package io.tensorfleet.operator.pool;

import io.tensorfleet.crds.Needs;
import io.tensorfleet.crds.Offer;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.Shares;
import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.WorkerState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A snapshot, looked through once for all pools of its queue: workers by id, and the workers of one
 * pool with what they hold and offer together, by the stem of their names.
 */
record Roster(
    QueueSnapshot snapshot,
    Map<String, WorkerState> workers,
    Map<String, Set<String>> ids,
    Map<String, Long> busy,
    Map<String, Set<Offer>> offers) {

  static Roster of(QueueSnapshot snapshot) {
    var roster =
        new Roster(snapshot, new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    snapshot.getWorkersList().forEach(roster::add);
    return roster;
  }

  private void add(WorkerState worker) {
    String stem = PodNames.stemOf(worker.getWorkerId());
    workers.merge(worker.getWorkerId(), worker, Roster::busier);
    ids.computeIfAbsent(stem, _ -> new HashSet<>()).add(worker.getWorkerId());
    busy.merge(stem, (long) worker.getBusy(), Long::sum);
    if (worker.getConnected() && !worker.getDraining() && !worker.getCordoned()) {
      offers.computeIfAbsent(stem, _ -> new HashSet<>()).add(offer(worker));
    }
  }

  static WorkerState busier(WorkerState one, WorkerState other) {
    return one.getBusy() >= other.getBusy() ? one : other;
  }

  /** The workers of one pool, those whose Pod is gone included. */
  Set<String> ids(String stem) {
    return ids.getOrDefault(stem, Set.of());
  }

  /** Slots that tasks hold of the pool's workers, those whose Pod is gone included. */
  long running(String stem) {
    return busy.getOrDefault(stem, 0L);
  }

  /** The most that the pool's workers tell of; labels are not learned, for the spec tells them. */
  Optional<Offer> told(String stem) {
    return Optional.ofNullable(offers.get(stem))
        .flatMap(all -> all.stream().max(Offer.LEAST_FIRST))
        .map(most -> new Offer(most.gpus(), most.memoryBytes(), Map.of()));
  }

  /** The work of the queue, where these are the pools' stems. */
  Shares.Work work(Set<String> stems) {
    Set<Offer> strangers = new HashSet<>();
    offers.forEach(
        (stem, all) -> {
          if (!stems.contains(stem)) {
            strangers.addAll(all);
          }
        });
    long held = busy.values().stream().mapToLong(Long::longValue).sum();
    long adrift = Math.max(0, snapshot.getRunning() - held);
    return new Shares.Work(classes(snapshot), snapshot.getDelayed(), adrift, strangers);
  }

  /** Waiting and running tasks by what they ask for. */
  static List<TaskClass> classes(QueueSnapshot snapshot) {
    if (snapshot.getClassesCount() == 0) {
      return List.of(new TaskClass("", snapshot.getWaiting(), snapshot.getRunning(), 0));
    }
    return snapshot.getClassesList().stream()
        .map(
            c ->
                new TaskClass(
                    c.getModelType(),
                    c.getWaiting(),
                    c.getRunning(),
                    c.getMeanSeconds(),
                    needs(c.getRequires()),
                    c.getDelayed()))
        .toList();
  }

  private static Needs needs(Requirements requires) {
    return new Needs(requires.getGpuCount(), requires.getMemoryBytes(), requires.getLabelsMap());
  }

  private static Offer offer(WorkerState worker) {
    Capabilities told = worker.getCapabilities();
    return new Offer(
        worker.hasCapabilities() ? OptionalInt.of(told.getGpuCount()) : OptionalInt.empty(),
        told.getMemoryBytes() > 0 ? OptionalLong.of(told.getMemoryBytes()) : OptionalLong.empty(),
        worker.getLabelsMap());
  }
}
