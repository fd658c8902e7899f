package io.tensorfleet.operator.policy;

import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Ready;
import io.tensorfleet.operator.policy.PodPhase.Starting;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds Pods for tests. */
final class Pods {
  private final String name;
  private String revision = Pool.REVISION;
  private Instant createdAt = Pool.START;
  private PodPhase phase;
  private OptionalInt busy;
  private boolean cordoned;

  private Pods(String name, PodPhase phase, OptionalInt busy) {
    this.name = name;
    this.phase = phase;
    this.busy = busy;
  }

  static Pods ready(String name, int busySlots) {
    return new Pods(name, new Ready(), OptionalInt.of(busySlots));
  }

  static Pods readyUnseen(String name) {
    return new Pods(name, new Ready(), OptionalInt.empty());
  }

  static Pods starting(String name) {
    return new Pods(name, new Starting(), OptionalInt.empty());
  }

  static Pods blocked(String name, Cause cause, Instant since) {
    return new Pods(name, new Blocked(cause, since, "it is blocked"), OptionalInt.empty());
  }

  static Pods finished(String name) {
    return new Pods(name, new Finished("Evicted"), OptionalInt.empty());
  }

  static Pods from(PodView pod) {
    Pods copy = new Pods(pod.name(), pod.phase(), pod.busySlots());
    copy.revision = pod.revision();
    copy.createdAt = pod.createdAt();
    copy.cordoned = pod.cordoned();
    return copy;
  }

  /** As the Pod is once the plan has been carried out. */
  static PodView after(PodView pod, ScalePlan plan) {
    return plan.retirements().stream()
        .filter(gone -> gone.pod().equals(pod.name()))
        .findFirst()
        .map(gone -> gone.reason().drains() ? from(pod).cordoned() : from(pod).terminating())
        .map(Pods::build)
        .orElse(pod);
  }

  Pods revision(String other) {
    revision = other;
    return this;
  }

  Pods at(Instant created) {
    createdAt = created;
    return this;
  }

  Pods busy(int slots) {
    busy = OptionalInt.of(slots);
    return this;
  }

  Pods unseen() {
    busy = OptionalInt.empty();
    return this;
  }

  Pods cordoned() {
    cordoned = true;
    return this;
  }

  Pods leavingUntil(Instant end) {
    phase = new Terminating(Optional.of(end));
    return this;
  }

  Pods phase(PodPhase other) {
    phase = other;
    return this;
  }

  Pods terminating() {
    phase = new Terminating();
    return this;
  }

  Pods ready(int busySlots) {
    phase = new Ready();
    busy = OptionalInt.of(busySlots);
    return this;
  }

  PodView build() {
    return new PodView(name, "uid-" + name, "i1", revision, createdAt, phase, busy, cordoned);
  }
}
