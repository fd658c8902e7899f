package io.tensorfleet.operator.pods;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;

/** A Pod as caches keep it: with what {@link PodReading} reads. */
public final class TrimmedPod {
  private TrimmedPod() {}

  /** The same Pod without what nobody reads; changes it in place, so that caches stay small. */
  public static Pod of(Pod pod) {
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
              .withStartTime(status.getStartTime())
              .withConditions(status.getConditions())
              .withContainerStatuses(trim(status.getContainerStatuses()))
              .withInitContainerStatuses(trim(status.getInitContainerStatuses()))
              .build());
    }
    return pod;
  }

  private static List<ContainerStatus> trim(List<ContainerStatus> containers) {
    return containers.stream().map(TrimmedPod::trim).toList();
  }

  private static ContainerStatus trim(ContainerStatus status) {
    return new ContainerStatusBuilder()
        .withName(status.getName())
        .withState(status.getState())
        .withLastState(status.getLastState())
        .withReady(status.getReady())
        .withRestartCount(status.getRestartCount())
        .build();
  }
}
