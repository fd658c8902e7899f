package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.pool.Pools.plan;
import static io.tensorfleet.operator.pool.Pools.pod;
import static io.tensorfleet.operator.pool.Pools.retire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.PoolKey;
import io.tensorfleet.operator.api.PodRef;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import io.tensorfleet.operator.queue.Cordons.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanApplierTest {
  private final FakePods pods = new FakePods();
  private final FakeCordons cordons = new FakeCordons();
  private final Parallel parallel = new Parallel();
  private final PlanApplier applier = new PlanApplier(pods, cordons, parallel);

  @AfterEach
  void stop() {
    parallel.close();
  }

  @Test
  void anEmptyPlanDoesNothing() {
    assertThat(apply(plan(3, 3, 0))).isEqualTo(Applied.nothing());
    assertThat(pods.creations()).isZero();
    assertThat(cordons.asked()).isEmpty();
  }

  @Test
  void missingPodsAreCreatedUnderTheLowestFreeNames() {
    pods.has(pod(Pools.podName(1)));

    Applied applied = apply(plan(1, 4, 3));

    assertThat(pods.names())
        .containsExactly(Pools.podName(0), Pools.podName(1), Pools.podName(2), Pools.podName(3));
    assertThat(applied.created()).hasSize(3);
    assertThat(applied.createFailure()).isEmpty();
  }

  @Test
  void aRepeatedCreationFindsItsOwnPods() {
    apply(plan(0, 20, 20));

    Applied again = applier.apply(deed(plan(0, 20, 20), List.of()));

    assertThat(pods.names()).hasSize(20);
    assertThat(again.created()).hasSize(20);
    assertThat(again.createFailure()).isEmpty();
  }

  @Test
  void aCreationRepeatedFromHalfAViewMakesNoPodTooMany() {
    apply(plan(0, 20, 20));
    List<Pod> half =
        IntStream.range(0, 20)
            .filter(n -> n % 2 == 0)
            .mapToObj(n -> pod(Pools.podName(n)))
            .toList();

    applier.apply(deed(plan(10, 20, 10), half));

    assertThat(pods.names()).hasSize(20);
  }

  @Test
  void aNameThatBelongsToSomebodyElseIsLeftAlone() {
    Pod foreign = pod(Pools.podName(0));
    foreign.getMetadata().getOwnerReferences().getFirst().setUid("another");
    pods.has(foreign);

    Applied applied = applier.apply(deed(plan(0, 2, 2), List.of()));

    assertThat(pods.names()).containsExactly(Pools.podName(0), Pools.podName(1), Pools.podName(2));
    assertThat(applied.created()).hasSize(2);
  }

  @Test
  void aRefusalEndsTheCreationsEarlyAndIsTold() {
    pods.quota(3);

    Applied applied = apply(plan(0, 1_000, 1_000));

    assertThat(applied.created()).hasSize(3);
    assertThat(applied.createFailure())
        .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("QuotaExceeded"));
    assertThat(pods.creations()).isLessThan(20);
  }

  @Test
  void aNameThatTheOrchestratorStillListsIsNotGivenToANewPod() {
    var deed =
        new Deed(
            Pools.pool(),
            Pools.blueprint(),
            List.of(),
            plan(0, 2, 2),
            "queue:50051",
            new Deed.Workers(Set.of(Pools.podName(0)), Map.of(), Pools.NOON));

    applier.apply(deed);

    assertThat(pods.names()).containsExactly(Pools.podName(1), Pools.podName(2));
  }

  @Test
  void afterARefusalOnePodIsTriedAndThenAsManyAsThereIsRoomFor() {
    Refusal quota = Refusal.of(403, "exceeded quota: q, used: pods=3");
    var refused = new Creations.Refused(quota, 4, Instant.EPOCH, "r", 3);
    var creations = new Creations(Optional.of(refused), Set.of());

    pods.quota(0);
    applier.apply(deed(plan(0, 1_000, 1_000), creations));
    assertThat(pods.creations()).isEqualTo(1);

    pods.quota(100);
    applier.apply(deed(plan(0, 1_000, 1_000), creations));
    assertThat(pods.names()).hasSize(100);
  }

  @Test
  void namesOfOtherPeoplesPodsAreRememberedAndNotTriedAgain() {
    Pod foreign = pod(Pools.podName(0));
    foreign.getMetadata().getOwnerReferences().getFirst().setUid("another");
    pods.has(foreign);

    Applied applied = applier.apply(deed(plan(0, 1, 1), List.of()));
    assertThat(applied.foreign()).containsExactly(Pools.podName(0));
    int before = pods.creations();
    applier.apply(deed(plan(1, 2, 1), new Creations(Optional.empty(), applied.foreign())));

    assertThat(pods.creations() - before).isEqualTo(1);
  }

  @Test
  void aPlanThatMeetsForeignNamesWithoutEndEnds() {
    for (int n = 0; n < 500; n++) {
      Pod foreign = pod(Pools.podName(n));
      foreign.getMetadata().getOwnerReferences().getFirst().setUid("another");
      pods.has(foreign);
    }

    assertThat(applier.apply(deed(plan(0, 1, 1), List.of())).created()).isEmpty();
    assertThat(pods.creations()).isLessThan(200);
  }

  @Test
  void noPodIsMadeFromATemplateThatCannotBeRead() {
    var deed =
        new Deed(
            Pools.pool(),
            new Blueprint.Invalid("bad"),
            List.of(),
            plan(0, 2, 2),
            "queue:50051",
            Pools.workers());

    assertThat(applier.apply(deed).created()).isEmpty();
    assertThat(pods.creations()).isZero();
  }

  @Test
  void aCordonedWorkersPodIsDeletedExactlyAsItWasSeen() {
    pods.has(pod("demo-0"));
    cordons.answers("demo-0", new Answer.Cordoned("first"));

    Applied applied = apply(plan(1, 0, 0, retire("demo-0", Reason.IDLE)));

    assertThat(cordons.asked()).containsExactly("demo-0/first@queue:50051");
    assertThat(pods.deletions())
        .containsExactly(new PodRef(new PoolKey("default", "demo"), "demo-0", "uid-demo-0", "1"));
    assertThat(applied.removed()).containsExactly("uid-demo-0");
  }

  @Test
  void aBusyWorkerStays() {
    pods.has(pod("demo-0"));
    cordons.answers("demo-0", new Answer.Busy(2));

    Applied applied = apply(plan(1, 0, 0, retire("demo-0", Reason.IDLE)));

    assertThat(pods.deletions()).isEmpty();
    assertThat(applied.kept()).containsExactly("demo-0 stays: it holds 2 tasks");
  }

  @Test
  void aBusyWorkerOfAnOldRevisionIsCordonedAndItsPodStays() {
    pods.has(pod("demo-0"));
    cordons.answers("demo-0", new Answer.Cordoned("first"));

    Applied applied = apply(plan(1, 1, 0, retire("demo-0", Reason.DRAINING)));

    assertThat(cordons.asked()).containsExactly("also busy demo-0/first@queue:50051");
    assertThat(pods.deletions()).isEmpty();
    assertThat(applied.removed()).isEmpty();
    assertThat(applied.kept()).isEmpty();
  }

  @Test
  void nobodyIsRemovedWhenTheOrchestratorDoesNotAnswer() {
    pods.has(pod("demo-0"));
    cordons.answers("demo-0", new Answer.Failed("UNAVAILABLE"));

    Applied applied = apply(plan(1, 0, 0, retire("demo-0", Reason.NOT_STARTED)));

    assertThat(pods.deletions()).isEmpty();
    assertThat(applied.kept()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"IDLE", "OLD_REVISION", "LEAVING"})
  void aWorkerThatStartedAndIsUnknownNowStays(Reason reason) {
    pods.has(pod("demo-0"));

    apply(plan(1, 0, 0, retire("demo-0", reason)));

    assertThat(pods.names()).containsExactly("demo-0");
  }

  @Test
  void aWorkerThatNeverStartedMayLeaveAlthoughNobodyKnowsIt() {
    pods.has(pod("demo-0"));

    apply(plan(1, 0, 0, retire("demo-0", Reason.NOT_STARTED)));

    assertThat(cordons.asked()).hasSize(1);
    assertThat(pods.names()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"FINISHED"})
  void whereNoWorkerRunsNobodyIsAsked(Reason reason) {
    pods.has(pod("demo-0"));

    apply(plan(1, 0, 0, retire("demo-0", reason)));

    assertThat(cordons.asked()).isEmpty();
    assertThat(pods.names()).isEmpty();
  }

  @Test
  void aPodThatChangedMeanwhileStaysUntilTheNextPlan() {
    Pod seen = pod("demo-0");
    Pod now = pod("demo-0");
    now.getMetadata().setResourceVersion("2");
    pods.has(now);
    cordons.answers("demo-0", new Answer.Cordoned("first"));

    Applied first =
        applier.apply(deed(plan(1, 0, 0, retire("demo-0", Reason.IDLE)), List.of(seen)));
    assertThat(first.kept()).hasSize(1);
    assertThat(pods.names()).hasSize(1);

    apply(plan(1, 0, 0, retire("demo-0", Reason.LEAVING)));
    assertThat(pods.names()).isEmpty();
  }

  @Test
  void aCrashBetweenCordonAndDeleteEndsInTheSamePlace() {
    pods.has(pod("demo-0"));
    cordons.answers("demo-0", new Answer.Cordoned("first"));
    pods.crashOnDelete(true);
    assertThatThrownBy(() -> apply(plan(1, 0, 0, retire("demo-0", Reason.IDLE))))
        .isInstanceOf(IllegalStateException.class);
    pods.crashOnDelete(false);

    Applied applied = apply(plan(1, 0, 0, retire("demo-0", Reason.LEAVING)));

    assertThat(applied.removed()).containsExactly("uid-demo-0");
    assertThat(pods.names()).isEmpty();
  }

  @Test
  void aPodThatIsGoneAlreadyCountsAsRemoved() {
    cordons.answers("demo-0", new Answer.Cordoned("first"));

    Applied applied =
        applier.apply(deed(plan(1, 0, 0, retire("demo-0", Reason.IDLE)), List.of(pod("demo-0"))));

    assertThat(applied.removed()).containsExactly("uid-demo-0");
  }

  private Applied apply(ScalePlan plan) {
    return applier.apply(deed(plan, pods.all()));
  }

  private Deed deed(ScalePlan plan, Creations creations) {
    return new Deed(
        Pools.pool(),
        Pools.blueprint(),
        pods.own(),
        plan,
        "queue:50051",
        new Deed.Workers(Set.of(), Map.of(), creations, Pools.NOON));
  }

  private static Deed deed(ScalePlan plan, List<Pod> seen) {
    return new Deed(Pools.pool(), Pools.blueprint(), seen, plan, "queue:50051", Pools.workers());
  }
}
