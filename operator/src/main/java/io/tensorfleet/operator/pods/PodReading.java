package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tensorfleet.operator.policy.PodPhase;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how far a Pod is, and drops from a Pod what nobody reads. */
public final class PodReading {
  private static final Map<String, PodPhase.Cause> CAUSES =
      Map.of(
          "ErrImagePull", PodPhase.Cause.IMAGE,
          "ImagePullBackOff", PodPhase.Cause.IMAGE,
          "InvalidImageName", PodPhase.Cause.IMAGE,
          "ErrImageNeverPull", PodPhase.Cause.IMAGE,
          "CrashLoopBackOff", PodPhase.Cause.CRASH_LOOP,
          "CreateContainerConfigError", PodPhase.Cause.CONFIG,
          "CreateContainerError", PodPhase.Cause.CONFIG,
          "RunContainerError", PodPhase.Cause.CONFIG);

  private PodReading() {}

  public static PodPhase phase(Pod pod) {
    PodStatus status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
    String phase = Completion.or(status.getPhase(), "Pending");
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return new PodPhase.Terminating(instant(pod.getMetadata().getDeletionTimestamp()));
    }
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      return new PodPhase.Finished(Completion.or(status.getReason(), phase));
    }
    if (isTrue(status, "Ready")) {
      return new PodPhase.Ready();
    }
    return blocked(pod, status).orElseGet(PodPhase.Starting::new);
  }

  public static Instant createdAt(Pod pod) {
    return instant(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH);
  }

  /**
   * Since when the worker's process runs, as far as the kubelet has told; empty when it does not.
   */
  public static Optional<Instant> runningSince(Pod pod) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(status -> status.getContainerStatuses().stream())
        .filter(c -> Completion.WORKER.equals(c.getName()) && c.getState() != null)
        .flatMap(c -> Stream.ofNullable(c.getState().getRunning()))
        .map(running -> instant(running.getStartedAt()).orElse(Instant.EPOCH))
        .findFirst();
  }

  /** Whether the pool with this UID is the Pod's controller. */
  public static boolean isOwnedBy(Pod pod, String uid) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(o -> uid.equals(o.getUid()) && Boolean.TRUE.equals(o.getController()));
  }

  /** The same Pod without what nobody reads; changes it in place, so that caches stay small. */
  public static Pod trim(Pod pod) {
    pod.getMetadata().setManagedFields(null);
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    pod.setSpec(new PodSpecBuilder().withNodeName(node).build());
    PodStatus status = pod.getStatus();
    if (status != null) {
      pod.setStatus(
          new PodStatusBuilder()
              .withPhase(status.getPhase())
              .withReason(status.getReason())
              .withMessage(status.getMessage())
              .withConditions(status.getConditions())
              .withContainerStatuses(
                  status.getContainerStatuses().stream().map(PodReading::trim).toList())
              .withInitContainerStatuses(
                  status.getInitContainerStatuses().stream().map(PodReading::trim).toList())
              .build());
    }
    return pod;
  }

  private static ContainerStatus trim(ContainerStatus status) {
    return new ContainerStatusBuilder()
        .withName(status.getName())
        .withState(status.getState())
        .withReady(status.getReady())
        .withRestartCount(status.getRestartCount())
        .build();
  }

  private static Optional<PodPhase> blocked(Pod pod, PodStatus status) {
    Optional<PodPhase> unschedulable =
        condition(status, "PodScheduled")
            .filter(c -> "False".equals(c.getStatus()) && "Unschedulable".equals(c.getReason()))
            .map(c -> blocked(PodPhase.Cause.UNSCHEDULABLE, c, pod, c.getMessage()));
    return unschedulable.or(() -> waiting(pod, status)).or(() -> lost(pod, status));
  }

  /**
   * The node controller takes a Pod's readiness away when its node does not report; the kubelet,
   * which would have taken that of the containers too, did not say so.
   */
  private static Optional<PodPhase> lost(Pod pod, PodStatus status) {
    return condition(status, "Ready")
        .filter(c -> "False".equals(c.getStatus()) && isTrue(status, "ContainersReady"))
        .filter(c -> !"ReadinessGatesNotReady".equals(c.getReason()))
        .map(c -> blocked(PodPhase.Cause.NODE_LOST, c, pod, "its node does not report"));
  }

  private static Optional<PodPhase> waiting(Pod pod, PodStatus status) {
    return Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
        .flatMap(PodReading::waiting)
        .filter(state -> CAUSES.containsKey(state.getReason()))
        .findFirst()
        .map(state -> blocked(state, pod, status));
  }

  private static Stream<ContainerStateWaiting> waiting(ContainerStatus status) {
    return status.getState() == null
        ? Stream.empty()
        : Stream.ofNullable(status.getState().getWaiting());
  }

  private static PodPhase blocked(ContainerStateWaiting state, Pod pod, PodStatus status) {
    PodPhase.Cause cause = CAUSES.getOrDefault(state.getReason(), PodPhase.Cause.CONFIG);
    String more = state.getMessage() == null ? "" : ": " + state.getMessage();
    return blocked(cause, condition(status, "Ready").orElse(null), pod, state.getReason() + more);
  }

  private static PodPhase blocked(
      PodPhase.Cause cause, @Nullable PodCondition turned, Pod pod, @Nullable String message) {
    Instant since =
        Optional.ofNullable(turned)
            .flatMap(c -> instant(c.getLastTransitionTime()))
            .orElseGet(() -> createdAt(pod));
    return new PodPhase.Blocked(cause, since, Completion.or(message, cause.name()));
  }

  private static boolean isTrue(PodStatus status, String type) {
    return condition(status, type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  private static Optional<PodCondition> condition(PodStatus status, String type) {
    return status.getConditions().stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  private static Optional<Instant> instant(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
