package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import java.util.Map;
import java.util.Optional;

/** Reads what is wrong with one container of a Pod, from what the kubelet says of it. */
record ContainerReading(String kind, ContainerStatus status) {
  /** So many restarts are no accident, also while the container runs once more. */
  private static final int RESTARTS = 3;

  private static final Map<String, Cause> WAITING =
      Map.ofEntries(
          Map.entry("ErrImagePull", Cause.IMAGE),
          Map.entry("ImagePullBackOff", Cause.IMAGE),
          Map.entry("InvalidImageName", Cause.IMAGE),
          Map.entry("ErrImageNeverPull", Cause.IMAGE),
          Map.entry("ImageInspectError", Cause.IMAGE),
          Map.entry("RegistryUnavailable", Cause.IMAGE),
          Map.entry("SignatureValidationFailed", Cause.IMAGE),
          Map.entry("CrashLoopBackOff", Cause.CRASH_LOOP),
          Map.entry("CreateContainerConfigError", Cause.CONFIG),
          Map.entry("CreateContainerError", Cause.CONFIG),
          Map.entry("RunContainerError", Cause.CONFIG),
          Map.entry("PreCreateHookError", Cause.CONFIG),
          Map.entry("PreStartHookError", Cause.CONFIG),
          Map.entry("PostStartHookError", Cause.CONFIG));

  /** What is wrong, in a sentence's words. */
  record Wrong(Cause cause, String message) {}

  Optional<Wrong> wrong() {
    return waiting()
        .filter(waiting -> WAITING.containsKey(waiting.getReason()))
        .map(this::wrong)
        .or(this::restless);
  }

  private Wrong wrong(ContainerStateWaiting waiting) {
    Cause cause = WAITING.getOrDefault(waiting.getReason(), Cause.CONFIG);
    Optional<ContainerStateTerminated> last = ended();
    if (cause == Cause.CRASH_LOOP && last.isPresent()) {
      return new Wrong(cause, crashes(last.get()));
    }
    return new Wrong(
        cause, name() + ": " + Texts.joined(waiting.getReason(), waiting.getMessage()));
  }

  /** Not ready, and restarted so often that it is in a loop although it runs just now. */
  private Optional<Wrong> restless() {
    return Boolean.TRUE.equals(status.getReady()) || restarts() < RESTARTS
        ? Optional.empty()
        : ended()
            .filter(end -> end.getExitCode() != null && end.getExitCode() != 0)
            .map(end -> new Wrong(Cause.CRASH_LOOP, crashes(end)));
  }

  private String crashes(ContainerStateTerminated end) {
    return "%s %s, %d restarts".formatted(name(), ending(end), restarts());
  }

  /** How it ended, where it has: the code, Kubernetes' word for it, its own last words. */
  Optional<String> ending() {
    return Optional.ofNullable(status.getState())
        .map(ContainerState::getTerminated)
        .filter(end -> end.getExitCode() != null && end.getExitCode() != 0)
        .map(end -> name() + " " + ending(end));
  }

  private static String ending(ContainerStateTerminated end) {
    String reason = Completion.or(end.getReason(), "Error");
    String text = "ended with exit code %d (%s)".formatted(end.getExitCode(), reason);
    String how = reason.equals("OOMKilled") ? "was out of memory: it " + text : text;
    return end.getMessage() == null ? how : how + ": " + Texts.shortened(end.getMessage().strip());
  }

  private Optional<ContainerStateTerminated> ended() {
    return Optional.ofNullable(status.getState())
        .map(ContainerState::getTerminated)
        .or(() -> Optional.ofNullable(status.getLastState()).map(ContainerState::getTerminated));
  }

  private Optional<ContainerStateWaiting> waiting() {
    return Optional.ofNullable(status.getState()).map(ContainerState::getWaiting);
  }

  private int restarts() {
    return Completion.or(status.getRestartCount(), 0);
  }

  private String name() {
    return kind + " " + status.getName();
  }
}
