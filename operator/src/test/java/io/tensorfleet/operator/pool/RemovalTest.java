package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.pool.Pools.NOON;
import static io.tensorfleet.operator.pool.Pools.plan;
import static io.tensorfleet.operator.pool.Pools.pod;
import static io.tensorfleet.operator.pool.Pools.retire;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import io.tensorfleet.operator.queue.Cordons.Answer;
import io.tensorfleet.operator.queue.Cordons.Lifted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The races of a removal: what changes between a decision, its cordon and its deletion. */
class RemovalTest {
  private final FakePods pods = new FakePods();
  private final FakeCordons cordons = new FakeCordons();
  private final Parallel parallel = new Parallel();
  private final PlanApplier applier = new PlanApplier(pods, cordons, parallel);

  @AfterEach
  void stop() {
    parallel.close();
  }

  @Test
  void aCordonThatNoDeletionFollowedIsRemembered() {
    Applied applied = applied(plan(1, 0, 0, retire("demo-0", Reason.IDLE)), changed("demo-0"));

    assertThat(applied.kept()).containsExactly("demo-0 stays: it has changed meanwhile");
    assertThat(applied.cordons())
        .containsExactly(Map.entry("uid-demo-0", OwnCordon.set("demo-0", "first")));
  }

  @Test
  void aDeletionThatIsRefusedLeavesItsCordonToo() {
    pods.refuseDeletions(true);

    Applied applied = applied(plan(1, 0, 0, retire("demo-0", Reason.IDLE)), cordonable("demo-0"));

    assertThat(applied.removeFailure()).contains("Pod demo-0 not deleted: 500 refused");
    assertThat(applied.cordons()).containsOnlyKeys("uid-demo-0");
  }

  @Test
  void itIsLiftedWhenTheNextPlanDoesNotRemoveTheWorker() {
    Applied applied = then(plan(1, 1, 0), Map.of("uid-demo-0", cordoned()));

    assertThat(cordons.lifted()).containsExactly("demo-0/first@queue:50051");
    assertThat(applied.cordons()).containsExactly(Map.entry("uid-demo-0", cordoned().lifted(NOON)));
  }

  @Test
  void itIsNotLiftedWhenTheNextPlanRemovesTheWorker() {
    Pod pod = cordonable("demo-0");
    pods.has(pod);

    Applied applied =
        then(
            plan(1, 0, 0, retire("demo-0", Reason.IDLE)),
            List.of(pod),
            Map.of("uid-demo-0", cordoned()));

    assertThat(cordons.lifted()).isEmpty();
    assertThat(applied.removed()).containsExactly("uid-demo-0");
    assertThat(applied.cordons()).isEmpty();
  }

  @Test
  void aLiftThatIsNotAnsweredIsTriedAgain() {
    cordons.lifts(Lifted.FAILED);

    Applied applied = then(plan(1, 1, 0), Map.of("uid-demo-0", cordoned()));

    assertThat(applied.cordons()).containsValue(cordoned());
    assertThat(then(plan(1, 1, 0), applied.cordons()).cordons()).containsValue(cordoned());
    assertThat(cordons.lifted()).hasSize(2);
  }

  @Test
  void aLiftedCordonIsNotLiftedAgainAndIsForgottenAfterTheNextSnapshot() {
    OwnCordon lifted = cordoned().lifted(NOON);

    then(plan(1, 1, 0), Map.of("uid-demo-0", lifted));

    assertThat(cordons.lifted()).isEmpty();
    assertThat(lifted.isOver(NOON.plusSeconds(14))).isFalse();
    assertThat(lifted.isOver(NOON.plusSeconds(15))).isTrue();
  }

  @Test
  void somebodyElsesCordonIsNeverLifted() {
    Applied applied = applied(plan(1, 0, 0, retire("demo-0", Reason.LEAVING)), changed("demo-0"));

    assertThat(applied.cordons()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"NOT_STARTED", "CANNOT_START", "LOST"})
  void whoeverRunsInAPodThatDoesNotWorkIsAskedAboutAndStaysWhenBusy(Reason reason) {
    pods.has(pod("demo-0"));
    cordons.answers("demo-0", new Answer.Busy(1));

    apply(plan(1, 0, 0, retire("demo-0", reason)), pod("demo-0"));

    assertThat(cordons.asked()).containsExactly("demo-0/@queue:50051");
    assertThat(pods.names()).containsExactly("demo-0");
  }

  @Test
  void aWorkerThatRunsAndMayMeetItsOrchestratorAtAnyMomentStays() {
    Applied applied =
        applied(
            plan(1, 0, 0, retire("demo-0", Reason.NOT_STARTED)),
            runningSince("demo-0", NOON.minusSeconds(59)));

    assertThat(applied.kept()).hasSize(1);
    assertThat(pods.deletions()).isEmpty();
  }

  @Test
  void aWorkerThatHasNotMetItsOrchestratorForAMinuteLeaves() {
    Applied applied =
        applied(
            plan(1, 0, 0, retire("demo-0", Reason.NOT_STARTED)),
            runningSince("demo-0", NOON.minusSeconds(60)));

    assertThat(applied.removed()).containsExactly("uid-demo-0");
  }

  @Test
  void anOrchestratorThatDoesNotAnswerIsNotAskedAboutAThousandWorkers() {
    List<Pod> all = IntStream.range(0, 1_000).mapToObj(n -> pod("demo-" + n)).toList();
    all.forEach(pods::has);
    all.forEach(p -> cordons.answers(p.getMetadata().getName(), new Answer.Failed("silent")));
    ScalePlan.Retirement[] everybody =
        all.stream()
            .map(p -> retire(p.getMetadata().getName(), Reason.IDLE))
            .toArray(ScalePlan.Retirement[]::new);

    Applied applied = then(plan(1_000, 0, 0, everybody), all, Map.of());

    assertThat(cordons.asked()).hasSizeBetween(1, 8);
    assertThat(applied.kept()).hasSize(1_000);
    assertThat(pods.deletions()).isEmpty();
  }

  private Pod cordonable(String name) {
    cordons.answers(name, new Answer.Cordoned("first"));
    return pod(name);
  }

  /** Somebody has changed the Pod on the API server since it was seen. */
  private Pod changed(String name) {
    Pod there = pod(name);
    there.getMetadata().setResourceVersion("2");
    pods.has(there);
    return cordonable(name);
  }

  private static Pod runningSince(String name, Instant since) {
    Pod pod = pod(name);
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Running")
            .addNewContainerStatus()
            .withName("worker")
            .withNewState()
            .withNewRunning(since.toString())
            .endState()
            .endContainerStatus()
            .build());
    return pod;
  }

  private static OwnCordon cordoned() {
    return OwnCordon.set("demo-0", "first");
  }

  private Applied applied(ScalePlan plan, Pod seen) {
    if (!pods.names().contains(seen.getMetadata().getName())) {
      pods.has(seen);
    }
    return then(plan, List.of(seen), Map.of());
  }

  private void apply(ScalePlan plan, Pod seen) {
    var _ = applied(plan, seen);
  }

  private Applied then(ScalePlan plan, Map<String, OwnCordon> before) {
    return then(plan, List.of(pod("demo-0")), before);
  }

  private Applied then(ScalePlan plan, List<Pod> seen, Map<String, OwnCordon> before) {
    var workers = new Deed.Workers(Set.of(), before, NOON);
    return applier.apply(
        new Deed(Pools.pool(), Pools.blueprint(), seen, plan, "queue:50051", workers));
  }
}
