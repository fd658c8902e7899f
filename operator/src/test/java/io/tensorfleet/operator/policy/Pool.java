package io.tensorfleet.operator.policy;

import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.Update;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerSettings;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pool that lives in a test: it has Pods, time passes, and plans are carried out at once. */
final class Pool {
  static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  static final String REVISION = "r1";

  private WorkerPoolSpec spec =
      WorkerPoolSpec.defaults().withBounds(0, 100).withWorker(WorkerSettings.withSlots(1));
  private QueueView queue = Known.of(0, 0);
  private final List<PodView> pods = new ArrayList<>();
  private String revision = REVISION;
  private Memory memory = Memory.none().with(works(REVISION));
  private Instant now = START;
  private int made;
  private final Map<String, PodPhase.Cause> broken = new HashMap<>();
  private final Map<String, Integer> madeOf = new HashMap<>();

  Pool bounds(int min, int max) {
    spec = spec.withBounds(min, max);
    return this;
  }

  Pool slots(int perWorker) {
    spec = spec.withWorker(WorkerSettings.withSlots(perWorker));
    return this;
  }

  Pool scaling(UnaryOperator<Scaling> change) {
    spec = spec.withScaling(change.apply(spec.scaling()));
    return this;
  }

  Pool spec(UnaryOperator<WorkerPoolSpec> change) {
    spec = change.apply(spec);
    return this;
  }

  Pool queue(long waiting, long running) {
    queue = Known.of(waiting, running);
    return this;
  }

  Pool queue(QueueView view) {
    queue = view;
    return this;
  }

  Pool unknown() {
    queue = new Unknown(now, "no answer");
    return this;
  }

  Pool revision(String newest) {
    revision = newest;
    return this;
  }

  Pool pods(List<PodView> more) {
    pods.addAll(more);
    return this;
  }

  Pool pod(PodView pod) {
    pods.add(pod);
    return this;
  }

  /** {@code count} idle workers, the first one the oldest. */
  Pool idle(int count) {
    for (int i = 0; i < count; i++) {
      pods.add(Pods.ready(name(), 0).at(now.plusSeconds(made)).build());
    }
    return this;
  }

  Pool busy(int count) {
    for (int i = 0; i < count; i++) {
      pods.add(Pods.ready(name(), 1).at(now.plusSeconds(made)).build());
    }
    return this;
  }

  Pool remember(Memory other) {
    memory = other;
    return this;
  }

  Pool later(Duration time) {
    now = now.plus(time);
    return this;
  }

  Pool later(long seconds) {
    return later(Duration.ofSeconds(seconds));
  }

  Instant now() {
    return now;
  }

  List<PodView> pods() {
    return List.copyOf(pods);
  }

  PoolView view() {
    return new PoolView(spec, queue, pods, revision, memory, now);
  }

  ScalePlan plan() {
    return ScalingPolicy.decide(view());
  }

  /** Decides and carries out; new Pods are starting, removed ones are terminating. */
  ScalePlan step() {
    ScalePlan plan = plan();
    pods.replaceAll(pod -> Pods.after(pod, plan));
    String stable = plan.memory().rollout().stable().orElse("");
    for (int i = 0; i < plan.creates(); i++) {
      String made = i < plan.creates() - plan.ofStable() ? revision : stable;
      pods.add(Pods.starting(name()).revision(made).at(now).build());
      madeOf.merge(made, 1, Integer::sum);
    }
    memory = plan.memory();
    return plan;
  }

  /** Of a pool whose revision has proved to work. */
  static Rollout works(String revision) {
    return new Rollout(
        revision,
        Optional.of(revision),
        Optional.of(START),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Update rollingBack() {
    Update usual = Update.defaults();
    return new Update(
        usual.maxSurge(), usual.maxUnavailable(), null, usual.progressDeadline(), true);
  }

  /** What was terminating is gone. */
  Pool leave() {
    pods.removeIf(pod -> pod.phase() instanceof PodPhase.Terminating);
    return this;
  }

  /** What was terminating is gone, what was starting is ready and idle, or broken. */
  Pool settle() {
    leave();
    pods.replaceAll(pod -> broken.containsKey(pod.revision()) ? broken(pod) : pod);
    pods.replaceAll(
        pod -> pod.phase() instanceof PodPhase.Starting ? Pods.from(pod).ready(0).build() : pod);
    return this;
  }

  /** Pods of this revision do not start, those there and those to come. */
  Pool breaks(String bad, PodPhase.Cause cause) {
    broken.put(bad, cause);
    pods.replaceAll(pod -> pod.revision().equals(bad) ? broken(pod) : pod);
    return this;
  }

  Pool mends(String good) {
    broken.remove(good);
    return this;
  }

  private PodView broken(PodView pod) {
    return pod.phase() instanceof PodPhase.Starting
        ? Pods.blocked(pod.name(), Objects.requireNonNull(broken.get(pod.revision())), now)
            .revision(pod.revision())
            .at(pod.createdAt())
            .build()
        : pod;
  }

  /** Changes the Pods of one revision. */
  Pool change(String of, UnaryOperator<PodView> change) {
    return each(pod -> pod.revision().equals(of) ? change.apply(pod) : pod);
  }

  /** Changes all Pods; null means that it is gone. */
  Pool each(Function<PodView, @Nullable PodView> change) {
    List<PodView> all = List.copyOf(pods);
    pods.clear();
    all.stream().flatMap(pod -> Stream.ofNullable(change.apply(pod))).forEach(pods::add);
    return this;
  }

  PodView pod(String name) {
    return pods.stream().filter(pod -> pod.name().equals(name)).findFirst().orElseThrow();
  }

  /** Pods of this revision ever made. */
  int made(String of) {
    return madeOf.getOrDefault(of, 0);
  }

  /**
   * What was terminating is gone, what was starting is in a crash loop for longer than its
   * deadline.
   */
  Pool settleCrashing() {
    Instant since = now.minus(PodPhase.Cause.CRASH_LOOP.deadline());
    pods.removeIf(pod -> pod.phase() instanceof PodPhase.Terminating);
    pods.replaceAll(
        pod ->
            pod.phase() instanceof PodPhase.Starting
                ? Pods.blocked(pod.name(), PodPhase.Cause.CRASH_LOOP, since).build()
                : pod);
    return this;
  }

  /** What was terminating is gone, what was starting has ended at once. */
  Pool settleEndingEarly() {
    var ended = new PodPhase.Finished("OutOfcpu", "OutOfcpu", false);
    leave();
    pods.replaceAll(
        pod ->
            pod.phase() instanceof PodPhase.Starting ? Pods.from(pod).phase(ended).build() : pod);
    return this;
  }

  /** Pods that are there and do not leave. */
  int size() {
    return (int)
        pods.stream().filter(pod -> !(pod.phase() instanceof PodPhase.Terminating)).count();
  }

  static List<String> names(ScalePlan plan) {
    return plan.retirements().stream().map(ScalePlan.Retirement::pod).toList();
  }

  static Optional<Instant> at(long seconds) {
    return Optional.of(START.plusSeconds(seconds));
  }

  private String name() {
    made++;
    return "w%03d".formatted(made);
  }
}
