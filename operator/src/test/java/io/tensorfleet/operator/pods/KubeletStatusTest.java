package io.tensorfleet.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tensorfleet.operator.policy.PodPhase;
import io.tensorfleet.operator.policy.PodPhase.Blocked;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Starting;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Statuses as kube-scheduler, kubelet and the controllers write them, and what is made of them. */
class KubeletStatusTest {
  private static final Instant READY_TURNED = Instant.parse("2026-01-01T00:00:02Z");

  @Test
  void noNodeHasRoom() {
    assertThat(
            read(
                """
                {"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",
                "lastTransitionTime":"2026-01-01T00:00:01Z","message":"0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."}],"qosClass":"Burstable"}"""))
        .isEqualTo(
            new Blocked(
                Cause.UNSCHEDULABLE,
                Instant.parse("2026-01-01T00:00:01Z"),
                "0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."));
  }

  @Test
  void aSchedulingGateHoldsIt() {
    assertThat(
            read(
                """
                {"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated",
                "lastTransitionTime":null,"message":"Scheduling is blocked due to non-empty scheduling gates"}]}"""))
        .isEqualTo(
            new Blocked(
                Cause.GATED,
                Instant.parse("2026-01-01T00:00:00Z"),
                "Scheduling is blocked due to non-empty scheduling gates"));
  }

  @Test
  void theImageIsNotThere() {
    assertThat(
            read(
                waits(
                    """
                    "reason":"ImagePullBackOff","message":"Back-off pulling image \\"nope:1\\": ErrImagePull: not found"
                    """)))
        .isEqualTo(
            new Blocked(
                Cause.IMAGE,
                READY_TURNED,
                "container worker: ImagePullBackOff: Back-off pulling image \"nope:1\": ErrImagePull: not found"));
  }

  @Test
  void aSecretIsMissing() {
    assertThat(
            read(
                waits(
                    """
                    "reason":"CreateContainerConfigError","message":"secret \\"keys\\" not found"
                    """)))
        .isEqualTo(
            new Blocked(
                Cause.CONFIG,
                READY_TURNED,
                "container worker: CreateContainerConfigError: secret \"keys\" not found"));
  }

  @Test
  void theWorkerIsKilledForWantOfMemoryAgainAndAgain() {
    assertThat(
            read(
                pending(
                    """
                    "containerStatuses":[{"name":"worker","ready":false,"restartCount":4,"image":"w:1","imageID":"x","started":false,
                    "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 1m20s restarting failed container=worker pod=demo-0_default(11)"}},
                    "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","startedAt":"2026-01-01T00:01:00Z","finishedAt":"2026-01-01T00:01:09Z","containerID":"containerd://1"}}}]""")))
        .isEqualTo(
            new Blocked(
                Cause.CRASH_LOOP,
                READY_TURNED,
                "container worker was out of memory: it ended with exit code 137 (OOMKilled), 4 restarts"));
  }

  @Test
  void aCrashLoopIsOneAlsoWhileTheContainerRunsOnceMore() {
    assertThat(
            read(
                pending(
                    """
                    "containerStatuses":[{"name":"worker","ready":false,"restartCount":3,"started":true,
                    "state":{"running":{"startedAt":"2026-01-01T00:02:00Z"}},
                    "lastState":{"terminated":{"exitCode":1,"reason":"Error","message":"WORKER_PORT is \\"x\\"\\n","finishedAt":"2026-01-01T00:01:09Z"}}}]""")))
        .isEqualTo(
            new Blocked(
                Cause.CRASH_LOOP,
                READY_TURNED,
                "container worker ended with exit code 1 (Error): WORKER_PORT is \"x\", 3 restarts"));
  }

  @Test
  void aSingleRestartIsNoTrouble() {
    assertThat(
            read(
                """
                {"phase":"Running","conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2026-01-01T00:03:00Z"}],
                "containerStatuses":[{"name":"worker","ready":false,"restartCount":1,"state":{"running":{"startedAt":"2026-01-01T00:02:00Z"}},
                "lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}]}"""))
        .isEqualTo(new Starting());
  }

  @Test
  void anInitContainerFails() {
    assertThat(
            read(
                pending(
                    """
                    "initContainerStatuses":[{"name":"fetch","ready":false,"restartCount":2,
                    "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}},
                    "lastState":{"terminated":{"exitCode":2,"reason":"Error"}}}],
                    "containerStatuses":[{"name":"worker","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}]""")))
        .isEqualTo(
            new Blocked(
                Cause.CRASH_LOOP,
                READY_TURNED,
                "init container fetch ended with exit code 2 (Error), 2 restarts"));
  }

  @Test
  void anInitContainerThatRunsIsWaitedFor() {
    assertThat(
            read(
                pending(
                    """
                    "initContainerStatuses":[{"name":"fetch","ready":false,"restartCount":0,"state":{"running":{"startedAt":"2026-01-01T00:00:05Z"}}}],
                    "containerStatuses":[{"name":"worker","ready":false,"restartCount":0,"state":{"waiting":{"reason":"PodInitializing"}}}]""")))
        .isEqualTo(new Starting());
  }

  @Test
  void aSidecarFailsBesideAWorkerThatRuns() {
    assertThat(
            read(
                pending(
                    """
                    "containerStatuses":[{"name":"worker","ready":true,"restartCount":0,"state":{"running":{"startedAt":"2026-01-01T00:00:05Z"}}},
                    {"name":"shipper","ready":false,"restartCount":9,"state":{"terminated":{"exitCode":3,"reason":"Error"}}}]""")))
        .isEqualTo(
            new Blocked(
                Cause.CRASH_LOOP,
                READY_TURNED,
                "container shipper ended with exit code 3 (Error), 9 restarts"));
  }

  @Test
  void ofSeveralTroublesTheGravestIsTold() {
    assertThat(
            read(
                pending(
                    """
                    "containerStatuses":[{"name":"shipper","restartCount":9,"state":{"waiting":{"reason":"CrashLoopBackOff"}}},
                    {"name":"worker","restartCount":0,"state":{"waiting":{"reason":"InvalidImageName","message":"bad"}}}]""")))
        .isEqualTo(
            new Blocked(Cause.IMAGE, READY_TURNED, "container worker: InvalidImageName: bad"));
  }

  @Test
  void itsContainersDoNotBeginOnTheNode() {
    PodPhase phase =
        read(
            pending(
                """
                "containerStatuses":[{"name":"worker","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}}}]"""));
    assertThat(phase)
        .isInstanceOfSatisfying(
            Blocked.class,
            blocked -> {
              assertThat(blocked.cause()).isEqualTo(Cause.STUCK);
              assertThat(blocked.since()).isEqualTo(Instant.parse("2026-01-01T00:00:01Z"));
              assertThat(blocked.message())
                  .startsWith("on node n1: its containers wait (ContainerCreating)");
            });
  }

  @Test
  void itRunsAndHasNeverBecomeReady() {
    assertThat(
            read(
                pending(
                    """
                    "containerStatuses":[{"name":"worker","ready":false,"restartCount":0,"state":{"running":{"startedAt":"2026-01-01T00:00:05Z"}}}]""")))
        .isEqualTo(
            new Blocked(
                Cause.NOT_READY,
                Instant.parse("2026-01-01T00:00:05Z"),
                "containers with unready status: [worker]"));
  }

  @Test
  void theNodeHadNoMemoryLeft() {
    assertThat(
            read(
                """
                {"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi.","startTime":"2026-01-01T00:00:01Z",
                "conditions":[{"type":"DisruptionTarget","status":"True","reason":"TerminationByKubelet"},{"type":"Ready","status":"False","lastTransitionTime":"2026-01-01T00:30:00Z"}]}"""))
        .isEqualTo(
            new Finished(
                "Evicted",
                "Evicted: The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi.",
                true));
  }

  @Test
  void aPodOfHigherPriorityTookItsPlace() {
    assertThat(
            read(
                """
                {"phase":"Failed","startTime":"2026-01-01T00:00:01Z","conditions":[{"type":"DisruptionTarget","status":"True","reason":"PreemptionByScheduler","message":"preempted"}],
                "containerStatuses":[{"name":"worker","state":{"terminated":{"exitCode":143,"reason":"Error","finishedAt":"2026-01-01T00:10:00Z"}}}]}"""))
        .isEqualTo(
            new Finished(
                "PreemptionByScheduler",
                "PreemptionByScheduler: container worker ended with exit code 143 (Error)",
                true));
  }

  @Test
  void itsNodeIsGone() {
    assertThat(
            read(
                """
                {"phase":"Failed","startTime":"2026-01-01T00:00:01Z","conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2026-01-01T00:05:00Z"},
                {"type":"DisruptionTarget","status":"True","reason":"DeletionByPodGC","message":"PodGC: node no longer exists"}]}"""))
        .isEqualTo(new Finished("DeletionByPodGC", "DeletionByPodGC", true));
  }

  @Test
  void itsTimeWasUp() {
    assertThat(
            read(
                """
                {"phase":"Failed","reason":"DeadlineExceeded","message":"Pod was active on the node longer than the specified deadline","startTime":"2026-01-01T00:00:01Z",
                "containerStatuses":[{"name":"worker","state":{"terminated":{"exitCode":143,"finishedAt":"2026-01-01T01:00:00Z"}}}]}"""))
        .isEqualTo(
            new Finished(
                "DeadlineExceeded",
                "DeadlineExceeded: Pod was active on the node longer than the specified deadline",
                true));
  }

  @Test
  void theKubeletTurnedItAway() {
    assertThat(
            read(
                """
                {"phase":"Failed","reason":"OutOfcpu","message":"Pod was rejected: Node didn't have enough resource: cpu","startTime":"2026-01-01T00:00:01Z"}"""))
        .isEqualTo(
            new Finished(
                "OutOfcpu",
                "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu",
                false));
  }

  @Test
  void itEndedByItselfSoonAfterItBegan() {
    assertThat(
            read(
                """
                {"phase":"Failed","startTime":"2026-01-01T00:00:01Z",
                "containerStatuses":[{"name":"worker","state":{"terminated":{"exitCode":1,"reason":"Error","finishedAt":"2026-01-01T00:00:03Z"}}}]}"""))
        .isEqualTo(
            new Finished(
                "Failed", "Failed: container worker ended with exit code 1 (Error)", false));
  }

  @Test
  void aPodThatLeavesSaysWhatMayHoldIt() {
    Pod pod = pod("{\"phase\":\"Running\"}");
    pod.getMetadata().setDeletionTimestamp("2026-01-01T00:10:00Z");
    Optional<Instant> due = Optional.of(Instant.parse("2026-01-01T00:10:00Z"));
    assertThat(PodReading.phase(pod))
        .isEqualTo(new Terminating(due, "node n1 does not say that it has stopped"));
    pod.getMetadata().getFinalizers().add("example.com/hold");
    assertThat(PodReading.phase(pod))
        .isEqualTo(new Terminating(due, "its finalizer example.com/hold is still there"));
  }

  private static PodPhase read(String status) {
    PodPhase phase = PodReading.phase(pod(status));
    assertThat(PodReading.phase(TrimmedPod.of(pod(status)))).isEqualTo(phase);
    return phase;
  }

  /** A scheduled Pod that is not ready. */
  private static String pending(String containers) {
    return """
    {"phase":"Pending","startTime":"2026-01-01T00:00:01Z","conditions":[
    {"type":"Ready","status":"False","reason":"ContainersNotReady","message":"containers with unready status: [worker]","lastTransitionTime":"2026-01-01T00:00:02Z"},
    {"type":"PodScheduled","status":"True","lastTransitionTime":"2026-01-01T00:00:01Z"}],%s}"""
        .formatted(containers);
  }

  private static String waits(String state) {
    return pending(
        """
        "containerStatuses":[{"name":"worker","ready":false,"restartCount":0,"started":false,"state":{"waiting":{%s}},"lastState":{}}]"""
            .formatted(state));
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        """
        {"metadata":{"name":"demo-0","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"nodeName":"n1","containers":[{"name":"worker"}]},"status":%s}"""
            .formatted(status),
        Pod.class);
  }
}
