package io.tensorfleet.operator.pool;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.pods.PodNames;
import io.tensorfleet.operator.pods.PodReading;
import io.tensorfleet.operator.policy.PodPhase;
import io.tensorfleet.operator.policy.PodView;
import io.tensorfleet.operator.policy.PoolView;
import io.tensorfleet.operator.policy.QueueView;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.Standing;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was seen of one pool at one time.
 *
 * @param pods every Pod with the pool's label, those of other owners too
 * @param part what of the queue is this pool's; empty where that has not been worked out
 */
record Observation(
    WorkerPool pool,
    Blueprint blueprint,
    List<Pod> pods,
    QueueReading queue,
    PoolMemory memory,
    Instant now,
    Optional<Part> part) {

  Observation {
    pods = List.copyOf(pods);
  }

  /** Of a pool that has its queue for itself. */
  Observation(
      WorkerPool pool,
      Blueprint blueprint,
      List<Pod> pods,
      QueueReading queue,
      PoolMemory memory,
      Instant now) {
    this(pool, blueprint, pods, queue, memory, now, Optional.empty());
  }

  /** The same, with the pool's part of the queue. */
  Observation with(Part its) {
    return new Observation(pool, blueprint, pods, queue, memory, now, Optional.of(its));
  }

  /** The same, had the queue not been heard of yet. */
  Observation unheard() {
    return new Observation(
        pool, blueprint, pods, new QueueReading.Connecting(), memory, now, Optional.empty());
  }

  /** Nothing is to be done, only shown. */
  boolean dry() {
    return pool.getSpec().scaling().mode() == ScalingMode.DryRun;
  }

  /** What the other pools of its queue need to know of it. */
  Standing standing() {
    boolean held = blueprint instanceof Blueprint.Invalid || memory.creations().pause(this);
    return Standing.of(view(), held);
  }

  /** What the policy may know of it. */
  PoolView view() {
    Map<String, WorkerState> workers = workers();
    return new PoolView(
        pool.getSpec(),
        queueView(),
        ownPods().map(pod -> podView(pod, workers)).toList(),
        revision(),
        memory.policy(),
        now);
  }

  /** What carrying out the plan takes. */
  Deed deed(ScalePlan plan, String address) {
    boolean pauses = plan.creates() > 0 && memory.creations().pause(this);
    return new Deed(
        pool,
        blueprint,
        pods,
        pauses ? plan.withoutCreates() : plan,
        address,
        new Deed.Workers(listed(), memory.upkeep().cordons(), memory.creations(), now));
  }

  /** The same, had these Pods been seen. */
  Observation with(List<Pod> others, PoolMemory then) {
    return new Observation(pool, blueprint, others, queue, then, now, part);
  }

  /** The same, after these marks were written. */
  Observation marked(BusyMarks next) {
    return with(pods, memory.keeps(memory.upkeep().marked(next)));
  }

  /** Own Pods that neither leave nor have ended, without those of these UIDs. */
  List<Pod> staying(Set<String> retired) {
    return ownPods()
        .filter(pod -> !retired.contains(pod.getMetadata().getUid()))
        .filter(pod -> !memory.leaving().contains(pod.getMetadata().getUid()))
        .filter(
            pod ->
                switch (PodReading.phase(pod)) {
                  case PodPhase.Terminating _, PodPhase.Finished _ -> false;
                  case PodPhase.Ready _, PodPhase.Starting _, PodPhase.Blocked _ -> true;
                })
        .toList();
  }

  /** UIDs of the Pods that are there. */
  Set<String> uids() {
    return pods.stream().map(p -> p.getMetadata().getUid()).collect(Collectors.toSet());
  }

  /** Revisions that the pool's Pods have. */
  Set<String> revisionsInUse() {
    return ownPods().map(Observation::revisionOf).collect(Collectors.toSet());
  }

  /**
   * The newest revision, which the template asks for; of an unreadable template, the one before it.
   */
  String revision() {
    return switch (blueprint) {
      case Blueprint.Valid valid -> valid.revision();
      case Blueprint.Invalid _ ->
          Optional.ofNullable(memory.status().revision()).orElseGet(this::newestRevision);
    };
  }

  /** Leases by own worker, from the newest snapshot, however old; empty where nothing is known. */
  Map<String, Integer> lastKnownBusy() {
    Map<String, WorkerState> workers = roster().map(Roster::workers).orElse(Map.of());
    return ownPods()
        .map(pod -> workers.get(pod.getMetadata().getName()))
        .filter(Objects::nonNull)
        .collect(Collectors.toMap(WorkerState::getWorkerId, WorkerState::getBusy, Math::max));
  }

  /** Own workers that the orchestrator knows, those whose Pod is gone included. */
  private Set<String> listed() {
    return roster().map(known -> known.ids(PodNames.stem(pool))).orElse(Set.of());
  }

  private Optional<Roster> roster() {
    return part.map(Part::roster).or(() -> queue.newest().map(Roster::of));
  }

  private String newestRevision() {
    return ownPods()
        .max(Comparator.comparing(PodReading::createdAt))
        .map(Observation::revisionOf)
        .orElse("");
  }

  private Stream<Pod> ownPods() {
    String uid = pool.getMetadata().getUid();
    return pods.stream().filter(pod -> PodReading.isOwnedBy(pod, uid));
  }

  private Map<String, WorkerState> workers() {
    return queue instanceof QueueReading.Known
        ? roster().map(Roster::workers).orElse(Map.of())
        : Map.of();
  }

  private PodView podView(Pod pod, Map<String, WorkerState> workers) {
    var metadata = pod.getMetadata();
    boolean leaves = memory.leaving().contains(metadata.getUid());
    PodPhase phase = PodReading.phase(pod);
    Optional<WorkerState> worker = Optional.ofNullable(workers.get(metadata.getName()));
    return new PodView(
        metadata.getName(),
        metadata.getUid(),
        worker.map(WorkerState::getIncarnation).orElse(""),
        revisionOf(pod),
        PodReading.createdAt(pod),
        leaves && !(phase instanceof PodPhase.Terminating) ? new PodPhase.Terminating() : phase,
        worker.map(w -> OptionalInt.of(w.getBusy())).orElseGet(OptionalInt::empty),
        worker.map(WorkerState::getCordoned).orElse(false)
            && !memory.upkeep().cordons().containsKey(metadata.getUid()));
  }

  private static String revisionOf(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(Labels.REVISION, "");
  }

  private QueueView queueView() {
    return switch (queue) {
      case QueueReading.Known(QueueSnapshot snapshot, Instant _, long _) ->
          part.flatMap(Part::queue)
              .orElseGet(
                  () -> new QueueView.Known(Roster.classes(snapshot), snapshot.getDelayed()));
      case QueueReading.Unknown unknown -> new QueueView.Unknown(unknown.since(), unknown.reason());
      case QueueReading.Connecting _ -> new QueueView.Unknown(now, "connecting");
    };
  }
}
