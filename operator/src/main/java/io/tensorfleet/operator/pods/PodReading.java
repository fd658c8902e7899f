package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.tensorfleet.operator.policy.PodPhase;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how far a Pod is. */
public final class PodReading {
  /** A Pod that ran for so long did serve, however it ended. */
  private static final Duration SERVED = Duration.ofMinutes(1);

  private final Pod pod;
  private final PodStatus status;

  private PodReading(Pod pod) {
    this.pod = pod;
    this.status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
  }

  public static PodPhase phase(Pod pod) {
    return new PodReading(pod).phase();
  }

  public static Instant createdAt(Pod pod) {
    return Texts.instant(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH);
  }

  /**
   * Since when the worker's process runs, as far as the kubelet has told; empty when it does not.
   */
  public static Optional<Instant> runningSince(Pod pod) {
    return new PodReading(pod)
        .status.getContainerStatuses().stream()
            .filter(c -> Completion.WORKER.equals(c.getName()) && c.getState() != null)
            .flatMap(c -> Stream.ofNullable(c.getState().getRunning()))
            .map(running -> Texts.instant(running.getStartedAt()).orElse(Instant.EPOCH))
            .findFirst();
  }

  /** Whether the pool with this UID is the Pod's controller. */
  public static boolean isOwnedBy(Pod pod, String uid) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(o -> uid.equals(o.getUid()) && Boolean.TRUE.equals(o.getController()));
  }

  private PodPhase phase() {
    String phase = Completion.or(status.getPhase(), "Pending");
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return new PodPhase.Terminating(
          Texts.instant(pod.getMetadata().getDeletionTimestamp()), heldBy());
    }
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      return finished(phase);
    }
    if (isTrue("Ready")) {
      return new PodPhase.Ready();
    }
    return unscheduled()
        .or(this::wrongContainer)
        .or(this::lost)
        .or(this::neverReady)
        .or(this::stuck)
        .orElseGet(PodPhase.Starting::new);
  }

  private String heldBy() {
    List<String> finalizers = pod.getMetadata().getFinalizers();
    if (!finalizers.isEmpty()) {
      return "its finalizer " + String.join(", ", finalizers) + " is still there";
    }
    return node().map(node -> "node " + node + " does not say that it has stopped").orElse("");
  }

  private Optional<String> node() {
    return Optional.ofNullable(pod.getSpec()).map(spec -> spec.getNodeName());
  }

  private PodPhase finished(String phase) {
    String reason =
        Optional.ofNullable(status.getReason())
            .or(() -> condition("DisruptionTarget").map(PodCondition::getReason))
            .orElse(phase);
    String message =
        Optional.ofNullable(status.getMessage())
            .or(() -> containers().flatMap(c -> c.ending().stream()).findFirst())
            .orElse("");
    return new PodPhase.Finished(reason, Texts.joined(reason, message), served());
  }

  private boolean served() {
    Instant begun = Texts.instant(status.getStartTime()).orElseGet(() -> createdAt(pod));
    return status.getContainerStatuses().stream()
        .flatMap(c -> Stream.ofNullable(c.getState()).map(ContainerState::getTerminated))
        .flatMap(Stream::ofNullable)
        .map(ContainerStateTerminated::getFinishedAt)
        .flatMap(at -> Texts.instant(at).stream())
        .max(Instant::compareTo)
        .or(() -> turned("Ready"))
        .filter(end -> Duration.between(begun, end).compareTo(SERVED) >= 0)
        .isPresent();
  }

  private Optional<PodPhase> unscheduled() {
    return condition("PodScheduled")
        .filter(c -> "False".equals(c.getStatus()))
        .flatMap(
            c ->
                switch (Completion.or(c.getReason(), "")) {
                  case "Unschedulable" ->
                      Optional.of(blocked(Cause.UNSCHEDULABLE, "PodScheduled", text(c)));
                  case "SchedulingGated" ->
                      Optional.of(blocked(Cause.GATED, "PodScheduled", text(c)));
                  default -> Optional.empty();
                });
  }

  private static String text(PodCondition condition) {
    return Texts.joined(null, Completion.or(condition.getMessage(), condition.getReason()));
  }

  /** The gravest of what is wrong with its containers. */
  private Optional<PodPhase> wrongContainer() {
    return containers()
        .flatMap(c -> c.wrong().stream())
        .min((one, other) -> one.cause().compareTo(other.cause()))
        .map(wrong -> blocked(wrong.cause(), "Ready", wrong.message()));
  }

  private Optional<PodPhase> neverReady() {
    return runsSince()
        .filter(begun -> turned("Ready").filter(turned -> !turned.isAfter(begun)).isPresent())
        .map(
            begun ->
                new PodPhase.Blocked(
                    Cause.NOT_READY,
                    begun,
                    condition("Ready").map(PodReading::text).orElse("not ready")));
  }

  private Optional<PodPhase> stuck() {
    boolean waits = !status.getContainerStatuses().isEmpty();
    boolean begins =
        status.getContainerStatuses().stream().noneMatch(c -> waitingReason(c).isEmpty())
            && status.getInitContainerStatuses().stream().noneMatch(PodReading::runs);
    String message =
        "%s: its containers wait (%s); an image that takes long, a volume or the network: kubectl describe pod tells"
            .formatted(node().map(n -> "on node " + n).orElse("bound"), firstWaiting());
    return waits && begins
        ? Optional.of(blocked(Cause.STUCK, "PodScheduled", message))
        : Optional.empty();
  }

  private String firstWaiting() {
    return status.getContainerStatuses().stream()
        .flatMap(c -> waitingReason(c).stream())
        .findFirst()
        .orElse("");
  }

  private static Optional<String> waitingReason(ContainerStatus container) {
    return Optional.ofNullable(container.getState())
        .map(ContainerState::getWaiting)
        .map(waiting -> Completion.or(waiting.getReason(), "Waiting"));
  }

  private static boolean runs(ContainerStatus container) {
    return Optional.ofNullable(container.getState()).map(ContainerState::getRunning).isPresent();
  }

  /**
   * The node controller takes a Pod's readiness away when its node does not report; the kubelet,
   * which would have taken that of the containers too, did not say so.
   */
  private Optional<PodPhase> lost() {
    return condition("Ready")
        .filter(c -> "False".equals(c.getStatus()) && isTrue("ContainersReady"))
        .filter(c -> !"ReadinessGatesNotReady".equals(c.getReason()))
        .map(c -> blocked(Cause.NODE_LOST, "Ready", "its node does not report"));
  }

  /** When the last of its containers began, where all run. */
  private Optional<Instant> runsSince() {
    List<Instant> begun =
        status.getContainerStatuses().stream()
            .flatMap(c -> Stream.ofNullable(c.getState()))
            .flatMap(state -> Stream.ofNullable(state.getRunning()))
            .map(ContainerStateRunning::getStartedAt)
            .flatMap(at -> Texts.instant(at).stream())
            .toList();
    return begun.isEmpty() || begun.size() < status.getContainerStatuses().size()
        ? Optional.empty()
        : begun.stream().max(Instant::compareTo);
  }

  private PodPhase blocked(Cause cause, String condition, String message) {
    return new PodPhase.Blocked(cause, turned(condition).orElseGet(() -> createdAt(pod)), message);
  }

  private Stream<ContainerReading> containers() {
    return Stream.concat(
        status.getInitContainerStatuses().stream()
            .map(c -> new ContainerReading("init container", c)),
        status.getContainerStatuses().stream().map(c -> new ContainerReading("container", c)));
  }

  private boolean isTrue(String type) {
    return condition(type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  private Optional<Instant> turned(String type) {
    return condition(type).flatMap(c -> Texts.instant(c.getLastTransitionTime()));
  }

  private Optional<PodCondition> condition(String type) {
    return status.getConditions().stream().filter(c -> type.equals(c.getType())).findFirst();
  }
}
