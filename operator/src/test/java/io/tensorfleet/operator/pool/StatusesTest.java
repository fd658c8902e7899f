package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.pool.Pools.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.policy.ScalePlan;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import io.tensorfleet.operator.queue.QueueReading;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void podsAreCountedByWhatTheyDo() {
    List<Pod> pods =
        List.of(ready("demo-0"), ready("demo-1"), Pools.pod("demo-2"), leaving("demo-3"));
    WorkerPoolStatus status = status(plan(3, 3, 0), pods, known(5, 2, "demo-0"), fresh());

    assertThat(status.replicas()).isEqualTo(3);
    assertThat(status.readyReplicas()).isEqualTo(2);
    assertThat(status.startingReplicas()).isEqualTo(1);
    assertThat(status.busyReplicas()).isEqualTo(1);
    assertThat(status.idleReplicas()).isEqualTo(1);
    assertThat(status.drainingReplicas()).isEqualTo(1);
    assertThat(status.updatedReplicas()).isEqualTo(3);
    assertThat(status.desiredReplicas()).isEqualTo(3);
    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(status.selector()).isEqualTo("tensorfleet.io/pool=demo");
    assertThat(status.queue()).extracting("pending", "running").containsExactly(5L, 2L);
  }

  @Test
  void createdAndRemovedPodsCountAtOnce() {
    var seen = observation(List.of(ready("demo-0")), known(0, 0), fresh());
    ScalePlan plan = plan(1, 1, 1);
    var applied =
        new Applied(
            List.of(Pools.pod("demo-1")),
            List.of("uid-demo-0"),
            List.of(),
            Optional.empty(),
            Optional.empty());

    WorkerPoolStatus status = Statuses.of(new Outlook(seen, seen.view(), plan, applied));

    assertThat(status.replicas()).isEqualTo(1);
    assertThat(status.drainingReplicas()).isEqualTo(1);
    assertThat(status.startingReplicas()).isEqualTo(1);
  }

  @Test
  void aPoolIsReadyWhenEveryDesiredWorkerIs() {
    var short1 = status(plan(2, 2, 0), List.of(ready("demo-0")), known(0, 0), fresh());
    var full = status(plan(1, 1, 0), List.of(ready("demo-0")), known(0, 0), fresh());
    var zero = status(plan(0, 0, 0), List.of(), known(0, 0), fresh());

    assertThat(condition(short1, "Ready"))
        .extracting("status", "reason")
        .containsExactly("False", "WorkersMissing");
    assertThat(condition(full, "Ready"))
        .extracting("status", "reason")
        .containsExactly("True", "WorkersReady");
    assertThat(condition(zero, "Ready"))
        .extracting("status", "reason")
        .containsExactly("True", "ScaledToZero");
  }

  @Test
  void theNotesOfThePlanBecomeConditions() {
    var notes =
        new ScalePlan.Notes(
            Optional.of(new Note("MaxReplicas", "at most 4")),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Note("ImagePull", "no such image")),
            Optional.of(new Note("QueueUnknown", "no answer")));
    ScalePlan base = plan(4, 4, 0);
    var plan = new ScalePlan(0, List.of(), 4, base.decision(), notes, base.memory());
    WorkerPoolStatus status = status(plan, List.of(), known(0, 0), fresh());

    assertThat(status.conditions())
        .extracting(c -> c.getType() + "=" + c.getStatus())
        .containsExactly(
            "Ready=False",
            "Progressing=False",
            "Degraded=True",
            "QueueReachable=False",
            "ScalingLimited=True",
            "Paused=False");
    assertThat(condition(status, "Degraded").getMessage()).isEqualTo("no such image");
  }

  @Test
  void aTemplateThatCannotBeReadDegradesThePool() {
    var seen =
        new Observation(
            Pools.pool(),
            new Blueprint.Invalid("bad template"),
            List.of(),
            known(0, 0),
            fresh(),
            NOON);
    WorkerPoolStatus status =
        Statuses.of(new Outlook(seen, seen.view(), plan(0, 0, 0), Applied.nothing()));

    assertThat(condition(status, "Degraded").getMessage()).isEqualTo("bad template");
  }

  @Test
  void aConditionKeepsItsTimeUntilItTurns() {
    WorkerPoolStatus before = status(plan(0, 0, 0), List.of(), known(0, 0), fresh());
    PoolMemory later = fresh().wrote(before, NOON);
    var seen =
        new Observation(
            Pools.pool(), Pools.blueprint(), List.of(), known(0, 0), later, NOON.plusSeconds(60));

    WorkerPoolStatus after =
        Statuses.of(new Outlook(seen, seen.view(), plan(0, 2, 2), Applied.nothing()));

    assertThat(condition(after, "Paused").getLastTransitionTime())
        .isEqualTo("2026-01-01T12:00:00Z");
    assertThat(condition(after, "Ready").getLastTransitionTime()).isEqualTo("2026-01-01T12:01:00Z");
    assertThat(after.lastScaleTime()).isEqualTo("2026-01-01T12:01:00Z");
    assertThat(after.lastScaleReason()).isEqualTo("from 0 to 2");
  }

  @Test
  void nothingIsWrittenWhenNothingHasChanged() {
    WorkerPoolStatus before = status(plan(0, 0, 0), List.of(), known(0, 0), fresh());
    WorkerPoolStatus after =
        status(plan(0, 0, 0), List.of(), seenAt(NOON.plusSeconds(10)), fresh());

    assertThat(after).isNotEqualTo(before);
    assertThat(StatusChange.of(fresh().wrote(before, NOON), after, NOON.plusSeconds(10)))
        .isEqualTo(new StatusChange.None());
  }

  @Test
  void countersAreJoinedAndDecisionsAreNot() {
    WorkerPoolStatus before = status(plan(0, 0, 0), List.of(), known(0, 0), fresh());
    PoolMemory memory = fresh().wrote(before, NOON);
    WorkerPoolStatus counted = status(plan(0, 0, 0), List.of(), known(1, 0), fresh());
    WorkerPoolStatus decided = status(plan(0, 1, 1), List.of(), known(1, 0), fresh());

    assertThat(StatusChange.of(memory, counted, NOON.plusMillis(400)))
        .isEqualTo(new StatusChange.Later(Duration.ofMillis(600)));
    assertThat(StatusChange.of(memory, counted, NOON.plusSeconds(1)))
        .isEqualTo(new StatusChange.Write());
    assertThat(StatusChange.of(memory, decided, NOON.plusMillis(1)))
        .isEqualTo(new StatusChange.Write());
  }

  @Test
  void anAgeIsCoarse() {
    assertThat(Statuses.coarse(Duration.ofSeconds(59)).toSeconds()).isEqualTo(50);
    assertThat(Statuses.coarse(Duration.ofSeconds(119)).toSeconds()).isEqualTo(60);
    assertThat(Statuses.coarse(Duration.ofMinutes(119)).toHours()).isEqualTo(1);
  }

  @Test
  void aDecisionThatChangesSomethingAndEachConditionThatTurnsAreTold() {
    WorkerPoolStatus before = status(plan(0, 0, 0), List.of(), known(0, 0), fresh());
    WorkerPoolStatus after = status(plan(0, 2, 2), List.of(), known(6, 0), fresh());

    assertThat(Announcement.of(before, after, plan(0, 2, 2)))
        .extracting(Announcement::reason, Announcement::text)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("ScaledUp", "from 0 to 2"),
            org.assertj.core.api.Assertions.tuple(
                "WorkersMissing", "Ready is False: 0 of 2 workers are ready"));
    assertThat(Announcement.of(after, after, plan(2, 2, 0))).isEmpty();
  }

  @Test
  void theSameIsNotToldTwiceInFiveMinutes() {
    var what = List.of(new Announcement(false, "R", "A", "words", "subject"));
    Map<String, Instant> told = Announcement.remember(what, Map.of(), NOON);

    var otherWords = List.of(new Announcement(false, "R", "A", "other words", "subject"));
    assertThat(Announcement.fresh(otherWords, told, NOON.plusSeconds(299))).isEmpty();
    assertThat(Announcement.fresh(otherWords, told, NOON.plusSeconds(300))).hasSize(1);
    assertThat(Announcement.remember(List.of(), told, NOON.plusSeconds(300))).isEmpty();
  }

  @Test
  void theNextLookIsWhenSomethingMayChangeAndNeverHectic() {
    var seen = observation(List.of(), known(0, 0), fresh());
    Duration most = Duration.ofSeconds(10);
    var quota = Refusal.of(403, "exceeded quota: q, used: pods=1");
    var refused =
        new Applied(List.of(), List.of(), List.of(), Optional.of(quota), Optional.empty());
    var kept =
        new Applied(List.of(), List.of(), List.of("busy"), Optional.empty(), Optional.empty());

    assertThat(pause(seen, Applied.nothing(), most)).isEqualTo(most);
    assertThat(pause(seen, refused, most)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pause(seen, kept, most)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pause(seen, Applied.nothing(), Duration.ZERO)).isPositive();
  }

  @Test
  void anUnknownQueueTellsThePolicyNothingOfItsWorkers() {
    var unknown = new QueueReading.Unknown(NOON, "gone", known(4, 3, "demo-0").newest());
    var seen = observation(List.of(ready("demo-0")), unknown, fresh());

    assertThat(seen.view().pods().getFirst().busySlots()).isEmpty();
    assertThat(
            Statuses.of(new Outlook(seen, seen.view(), plan(1, 1, 0), Applied.nothing()))
                .busyReplicas())
        .isEqualTo(1);
  }

  private static Duration pause(Observation seen, Applied applied, Duration most) {
    return new Outlook(seen, seen.view(), plan(0, 0, 0), applied).pause(most);
  }

  private static WorkerPoolStatus status(
      ScalePlan plan, List<Pod> pods, QueueReading queue, PoolMemory memory) {
    var seen = observation(pods, queue, memory);
    return Statuses.of(new Outlook(seen, seen.view(), plan, Applied.nothing()));
  }

  private static Observation observation(List<Pod> pods, QueueReading queue, PoolMemory memory) {
    return new Observation(Pools.pool(), Pools.blueprint(), pods, queue, memory, NOON);
  }

  private static PoolMemory fresh() {
    return PoolMemory.restored(Pools.pool(), List.of());
  }

  private static QueueReading known(long waiting, long running, String... busy) {
    var snapshot =
        QueueSnapshot.newBuilder().setQueue("default").setWaiting(waiting).setRunning(running);
    for (String name : busy) {
      snapshot.addWorkers(WorkerState.newBuilder().setWorkerId(name).setBusy(1).setSlots(3));
    }
    return new QueueReading.Known(snapshot.build(), NOON);
  }

  private static QueueReading seenAt(Instant when) {
    return new QueueReading.Known(QueueSnapshot.newBuilder().setQueue("default").build(), when);
  }

  private static Pod ready(String name) {
    Pod pod = Pools.pod(name);
    pod.setStatus(
        new PodStatusBuilder()
            .withPhase("Running")
            .withConditions(new PodConditionBuilder().withType("Ready").withStatus("True").build())
            .build());
    return pod;
  }

  private static Pod leaving(String name) {
    Pod pod = ready(name);
    pod.getMetadata().setDeletionTimestamp("2026-01-01T11:59:00Z");
    return pod;
  }

  private static Condition condition(WorkerPoolStatus status, String type) {
    return Conditions.find(new ArrayList<>(status.conditions()), type).orElseThrow();
  }
}
