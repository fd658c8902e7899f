package io.tensorfleet.local.node;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Says in a Pod's status what a {@link PodLife.Step} found. Pure. */
final class PodStatuses {
  private PodStatuses() {}

  /**
   * What of a Pod's status stays the same.
   *
   * @param container the container's name
   * @param address the Pod's own address, and its node's
   * @param previous the conditions last written, for their times of change
   */
  record Frame(
      String container,
      String image,
      String address,
      Instant acceptedAt,
      List<PodCondition> previous) {
    Frame {
      previous = List.copyOf(previous);
    }
  }

  static PodStatus of(Frame frame, PodLife.Step step, Instant now) {
    String phase = phase(step.view());
    boolean ready = step.view() instanceof PodLife.View.Running running && running.ready();
    String why =
        switch (step.view()) {
          case PodLife.View.Terminated(Run.Ended end) when end.exitCode() == 0 -> "PodCompleted";
          case PodLife.View.Terminated _ -> "PodFailed";
          default -> "ContainersNotReady";
        };
    return new PodStatusBuilder()
        .withPhase(phase)
        .withStartTime(time(frame.acceptedAt()))
        .withHostIP("127.0.0.1")
        .withPodIP(frame.address())
        .withPodIPs(new PodIP(frame.address()))
        .withConditions(
            condition(frame, "PodScheduled", true, now, ""),
            condition(frame, "Initialized", true, now, ""),
            condition(frame, "ContainersReady", ready, now, why),
            condition(frame, "Ready", ready, now, why))
        .withContainerStatuses(container(frame, step, ready))
        .build();
  }

  private static String phase(PodLife.View view) {
    return switch (view) {
      case PodLife.View.Waiting(String reason, String _) ->
          reason.equals("CrashLoopBackOff") ? "Running" : "Pending";
      case PodLife.View.Running _ -> "Running";
      case PodLife.View.Terminated(Run.Ended end) -> end.exitCode() == 0 ? "Succeeded" : "Failed";
    };
  }

  private static PodCondition condition(
      Frame frame, String type, boolean holds, Instant now, String why) {
    String status = holds ? "True" : "False";
    String since =
        frame.previous().stream()
            .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
            .map(PodCondition::getLastTransitionTime)
            .findFirst()
            .orElse(time(now));
    var condition =
        new PodConditionBuilder().withType(type).withStatus(status).withLastTransitionTime(since);
    return holds ? condition.build() : condition.withReason(why).build();
  }

  private static ContainerStatus container(Frame frame, PodLife.Step step, boolean ready) {
    boolean started = step.view() instanceof PodLife.View.Running running && running.started();
    return new ContainerStatusBuilder()
        .withName(frame.container())
        .withImage(frame.image())
        .withImageID("")
        .withReady(ready)
        .withStarted(started)
        .withRestartCount(step.memory().restarts())
        .withState(state(step.view()))
        .withLastState(lastState(step))
        .build();
  }

  private static ContainerState state(PodLife.View view) {
    return switch (view) {
      case PodLife.View.Waiting(String reason, String message) ->
          new ContainerStateBuilder()
              .withNewWaiting()
              .withReason(reason)
              .withMessage(message)
              .endWaiting()
              .build();
      case PodLife.View.Running running ->
          new ContainerStateBuilder()
              .withNewRunning()
              .withStartedAt(time(running.since()))
              .endRunning()
              .build();
      case PodLife.View.Terminated(Run.Ended end) -> terminated(end);
    };
  }

  private static ContainerState lastState(PodLife.Step step) {
    Optional<Run.Ended> last =
        step.view() instanceof PodLife.View.Terminated ? Optional.empty() : step.memory().last();
    return last.map(PodStatuses::terminated).orElseGet(ContainerState::new);
  }

  private static ContainerState terminated(Run.Ended end) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(end.exitCode())
        .withReason(end.exitCode() == 0 ? "Completed" : "Error")
        .withStartedAt(time(end.since()))
        .withFinishedAt(time(end.at()))
        .endTerminated()
        .build();
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
