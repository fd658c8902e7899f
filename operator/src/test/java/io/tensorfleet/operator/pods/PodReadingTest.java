package io.tensorfleet.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tensorfleet.operator.policy.PodPhase;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReadingTest {
  @Test
  void aPodIsReadyWhenItsConditionSaysSo() {
    assertThat(PodReading.phase(pod("phase: Running, conditions: [{type: Ready, status: 'True'}]")))
        .isEqualTo(new PodPhase.Ready());
    assertThat(PodReading.phase(pod("phase: Running"))).isEqualTo(new PodPhase.Starting());
    assertThat(PodReading.phase(pod("phase: Pending"))).isEqualTo(new PodPhase.Starting());
  }

  @Test
  void aPodBeingDeletedIsTerminatingWhateverElseItIs() {
    Pod pod = pod("phase: Failed");
    pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:09Z");

    assertThat(PodReading.phase(pod))
        .isEqualTo(
            new PodPhase.Terminating(
                Optional.of(Instant.parse("2026-01-01T00:00:09Z")),
                "node n1 does not say that it has stopped"));
  }

  @Test
  void anEndedPodSaysWhy() {
    assertThat(PodReading.phase(pod("phase: Failed, reason: Evicted")))
        .isEqualTo(new PodPhase.Finished("Evicted", "Evicted", false));
    assertThat(PodReading.phase(pod("phase: Succeeded")))
        .isEqualTo(new PodPhase.Finished("Succeeded", "Succeeded", false));
  }

  @Test
  void anUnschedulablePodIsBlockedSinceTheSchedulerSaidSo() {
    Pod pod =
        pod(
            "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
                + " message: no room, lastTransitionTime: '2026-01-01T00:00:05Z'}]");

    assertThat(PodReading.phase(pod))
        .isEqualTo(
            new PodPhase.Blocked(
                PodPhase.Cause.UNSCHEDULABLE, Instant.parse("2026-01-01T00:00:05Z"), "no room"));
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullBackOff,IMAGE",
    "ErrImagePull,IMAGE",
    "CrashLoopBackOff,CRASH_LOOP",
    "CreateContainerConfigError,CONFIG"
  })
  void aContainerThatCannotStartBlocksItsPod(String reason, PodPhase.Cause cause) {
    Pod pod =
        pod(
            "phase: Pending, containerStatuses: [{name: worker, state: {waiting: {reason: "
                + reason
                + ", message: why}}}]");

    assertThat(PodReading.phase(pod))
        .isEqualTo(
            new PodPhase.Blocked(
                cause,
                Instant.parse("2026-01-01T00:00:00Z"),
                "container worker: " + reason + ": why"));
  }

  @Test
  void aPodWhoseReadinessWasTakenAwayButNotThatOfItsContainersIsLostWithItsNode() {
    String ready =
        "phase: Running, conditions: [{type: ContainersReady, status: 'True'}, {type: Ready, status: 'False',"
            + " lastTransitionTime: '2026-01-01T00:00:05Z'%s}]";

    assertThat(PodReading.phase(pod(ready.formatted(""))))
        .isEqualTo(
            new PodPhase.Blocked(
                PodPhase.Cause.NODE_LOST,
                Instant.parse("2026-01-01T00:00:05Z"),
                "its node does not report"));
    assertThat(PodReading.phase(pod(ready.formatted(", reason: ReadinessGatesNotReady"))))
        .isEqualTo(new PodPhase.Starting());
  }

  @Test
  void aWorkerRunsSinceTheKubeletHasToldSo() {
    String running =
        "containerStatuses: [{name: worker, state: {running: {startedAt: '2026-01-01T00:00:07Z'}}}]";

    assertThat(PodReading.runningSince(TrimmedPod.of(pod(running))))
        .contains(Instant.parse("2026-01-01T00:00:07Z"));
    assertThat(PodReading.runningSince(pod("phase: Pending"))).isEmpty();
  }

  @Test
  void trimmingChangesNothingThatIsRead() {
    String status =
        "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
            + " message: no room, lastTransitionTime: '2026-01-01T00:00:05Z'}]";
    Pod trimmed = TrimmedPod.of(pod(status));

    assertThat(PodReading.phase(trimmed)).isEqualTo(PodReading.phase(pod(status)));
    assertThat(trimmed.getSpec().getContainers()).isEmpty();
    assertThat(trimmed.getMetadata().getManagedFields()).isNullOrEmpty();
    assertThat(trimmed.getSpec().getNodeName()).isEqualTo("n1");
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        """
        metadata: {name: demo-0, creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [{manager: m}]}
        spec: {nodeName: n1, containers: [{name: worker}]}
        status: {%s}
        """
            .formatted(status),
        Pod.class);
  }
}
