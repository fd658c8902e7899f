package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.Update;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import io.tensorfleet.operator.policy.ScalePlan.Retirement;
import io.tensorfleet.operator.policy.ScalePlan.Retirement.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A new revision is on trial until it has proved to work. */
class RolloutTest {
  private static final String OLD = Pool.REVISION;
  private static final String NEW = "r2";

  @Test
  void aCanaryGoesFirstAndTheRestFollowsWhenItHasStayedReady() {
    Pool pool = pool(10, update(30, false));
    pool.revision(NEW).later(1).step();
    assertThat(count(pool, NEW)).isEqualTo(3);
    pool.settle().later(1);
    for (int second = 0; second < 9; second++) {
      pool.step();
      pool.settle().later(1);
      assertThat(count(pool, NEW)).isEqualTo(3);
      assertThat(count(pool, OLD)).isEqualTo(7);
    }
    run(pool.later(1), 10);
    assertThat(pool.pods()).hasSize(10).allMatch(pod -> pod.revision().equals(NEW));
  }

  @Test
  void aCanaryThatDoesNotStayReadyStartsAnew() {
    Pool pool = pool(10, update(10, false));
    pool.revision(NEW).later(1).step();
    pool.settle().later(1).step();
    pool.change(NEW, pod -> Pods.starting(pod.name()).revision(NEW).build());
    pool.later(8).step();
    pool.settle().later(1).step();
    run(pool, 9);
    assertThat(count(pool, NEW)).isEqualTo(1);
    run(pool, 5);
    assertThat(count(pool, NEW)).isGreaterThan(1);
  }

  @Test
  void aPoolThatGrowsDuringACanaryGrowsOnTheRevisionThatWorks() {
    Pool pool = pool(10, update(10, false));
    pool.revision(NEW).later(1).step();
    pool.bounds(20, 100).later(1);
    ScalePlan plan = pool.step();
    assertThat(plan.ofStable()).isEqualTo(plan.creates() - 1);
    pool.settle().step();
    pool.settle();
    assertThat(count(pool, NEW)).isEqualTo(2);
    assertThat(pool.size()).isBetween(20, 21);
  }

  @Test
  void withoutACanaryAPoolThatGrowsDuringARolloutGrowsOnTheNewRevision() {
    Pool pool = pool(4, update(null, false));
    ScalePlan plan = pool.revision(NEW).bounds(8, 100).later(1).step();
    assertThat(plan.ofStable()).isZero();
    assertThat(plan.creates()).isEqualTo(6);
  }

  @Test
  void inAnEmptyPoolANewRevisionJustIsTheRevision() {
    Pool pool = new Pool().spec(s -> s.withUpdate(update(10, true))).queue(0, 0);
    pool.step();
    ScalePlan plan = pool.revision(NEW).queue(10, 0).later(1).step();
    assertThat(plan.creates()).isEqualTo(10);
    assertThat(plan.ofStable()).isZero();
    assertThat(count(pool.settle(), NEW)).isEqualTo(10);
    run(pool, 11);
    assertThat(pool.plan().memory().rollout().settled()).isTrue();
  }

  @Test
  void aRevisionThatBringsNoReadyWorkerInTimeIsStoppedAtItsFirstPods() {
    Pool pool = pool(4, update(null, false));
    pool.revision(NEW).later(1).step();
    pool.breaks(NEW, Cause.IMAGE);
    run(pool, 59);
    assertThat(failure(pool)).isEmpty();
    run(pool, 2);
    assertThat(failure(pool))
        .hasValueSatisfying(why -> assertThat(why).contains("r2", "1m", "it is blocked"));
    Note note = pool.plan().notes().stopped().orElseThrow();
    assertThat(note.reason()).isEqualTo("ProgressDeadlineExceeded");
    assertThat(note.message()).contains("goes on with revision r1", "update.rollback");
    assertThat(pool.plan().notes().degraded()).contains(note);
    run(pool, 600);
    assertThat(pool.made(NEW)).as("Pods of the bad revision ever made").isEqualTo(1);
    assertThat(count(pool, OLD)).isEqualTo(4);
    assertThat(count(pool, NEW)).as("kept to be looked at").isEqualTo(1);
  }

  @Test
  void theDeadlineHoldsAlthoughBadPodsAreReplacedMeanwhile() {
    Pool pool = pool(4, new Update(new IntOrString(1), new IntOrString(0), null, "10m", false));
    pool.revision(NEW).later(1).step();
    pool.breaks(NEW, Cause.IMAGE);
    run(pool, 590);
    assertThat(pool.made(NEW)).isBetween(2, 6);
    assertThat(failure(pool)).isEmpty();
    run(pool, 12);
    assertThat(failure(pool)).isPresent();
  }

  @Test
  void aStoppedRolloutLeavesThePoolToGrowAndShrinkOnTheRevisionThatWorks() {
    Pool pool = stopped(update(null, false));
    pool.bounds(8, 100).later(1);
    run(pool, 5);
    assertThat(count(pool, OLD)).isEqualTo(8);
    assertThat(pool.made(NEW)).isEqualTo(1);
    pool.bounds(0, 100).scaling(s -> s.withMinIdle(2));
    run(pool, 70);
    assertThat(count(pool, OLD)).isEqualTo(2);
    pool.scaling(s -> s.withMinIdle(0));
    run(pool, 70);
    assertThat(pool.size()).isZero();
    pool.queue(3, 0);
    run(pool, 3);
    assertThat(count(pool, OLD)).isEqualTo(3);
    assertThat(pool.made(NEW)).isEqualTo(1);
  }

  @Test
  void aStoppedRevisionWhoseFirstPodBecomesReadyAfterAllGoesOn() {
    Pool pool = stopped(update(null, false));
    pool.mends(NEW).change(NEW, pod -> Pods.ready(pod.name(), 0).revision(NEW).build());
    run(pool, 30);
    assertThat(failure(pool)).isEmpty();
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals(NEW));
  }

  @Test
  void withRollbackTheFailedRevisionsPodsGoAndTheOthersStay() {
    Pool pool = stopped(update(null, true));
    run(pool, 3);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals(OLD));
    assertThat(pool.plan().notes().stopped().orElseThrow().message())
        .contains("went back to revision r1");
    run(pool, 600);
    assertThat(pool.made(NEW)).isEqualTo(1);
  }

  @Test
  void aFurtherChangeOfTheTemplateStartsANewRollout() {
    Pool pool = stopped(update(null, true));
    run(pool, 3);
    pool.revision("r3");
    run(pool, 60);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals("r3"));
    assertThat(failure(pool)).isEmpty();
  }

  @Test
  void theSameRevisionMayBeTriedAgainAfterTheTemplateWasTakenBack() {
    Pool pool = stopped(update(null, true));
    run(pool.revision(OLD), 3);
    assertThat(pool.plan().notes().stopped()).isEmpty();
    assertThat(pool.plan().memory().rollout().settled()).isTrue();
    pool.mends(NEW).revision(NEW);
    run(pool, 60);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals(NEW));
  }

  @Test
  void aTemplateTakenBackInTheMiddleOfARolloutEndsWhereItBegan() {
    Pool pool = pool(4, update(50, false));
    pool.revision(NEW).later(1).step();
    pool.settle().revision(OLD);
    run(pool, 5);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals(OLD));
  }

  @Test
  void ofThreeRevisionsTheOneThatNeverWorkedGoesFirst() {
    Pool pool = pool(4, update(null, false));
    pool.revision(NEW).later(1).step();
    pool.settle().later(1);
    ScalePlan plan = pool.revision("r3").step();
    assertThat(plan.retirements())
        .first()
        .satisfies(gone -> assertThat(pool.pod(gone.pod()).revision()).isEqualTo(NEW));
    assertThat(plan.memory().rollout().stable()).contains(OLD);
    run(pool, 60);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals("r3"));
  }

  @Test
  void aPoolThatShrinksDuringARolloutLosesItsOldIdleWorkersFirst() {
    Pool pool = pool(4, update(null, false));
    pool.revision(NEW).later(1).step();
    pool.settle().bounds(2, 100);
    run(pool, 61);
    assertThat(count(pool, NEW)).isEqualTo(2);
    assertThat(count(pool, OLD)).isZero();
  }

  @Test
  void withNothingToGoBackToNothingIsStopped() {
    Pool pool =
        new Pool().remember(Memory.none()).queue(2, 0).spec(s -> s.withUpdate(update(null, true)));
    pool.step();
    pool.breaks(OLD, Cause.IMAGE);
    run(pool, 300);
    assertThat(pool.plan().notes().stopped()).isEmpty();
    assertThat(pool.plan().notes().degraded().orElseThrow().reason()).isEqualTo("ImageUnavailable");
  }

  @Test
  void aPausedPoolDoesNotFailItsRevision() {
    Pool pool = pool(4, update(null, false));
    pool.revision(NEW).later(1).step();
    pool.breaks(NEW, Cause.IMAGE);
    pool.scaling(s -> s.withMode(ScalingMode.Paused));
    run(pool, 300);
    assertThat(failure(pool)).isEmpty();
    pool.scaling(s -> s.withMode(ScalingMode.Auto));
    run(pool, 61);
    assertThat(failure(pool)).isPresent();
  }

  @Test
  void aPoolOfAFixedSizeIsRolledToo() {
    Pool pool = pool(4, update(25, false)).spec(s -> s.withReplicas(4));
    run(pool.revision(NEW), 60);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals(NEW));
  }

  @Test
  void percentagesThatBothRoundToNothingReplaceOneAtATime() {
    Update none = new Update(new IntOrString("0%"), new IntOrString("10%"), null, "1m", false);
    Pool pool = pool(4, none);
    run(pool.revision(NEW), 60);
    assertThat(pool.pods()).hasSize(4).allMatch(pod -> pod.revision().equals(NEW));
  }

  @Test
  void aPodThatIsStuckOnALostNodeDoesNotHoldUpARollout() {
    Pool pool = pool(4, update(null, false));
    for (int i = 0; i < 3; i++) {
      pool.pod(Pods.starting("lost" + i).leavingUntil(Pool.START.minusSeconds(90)).build());
    }
    assertThat(pool.revision(NEW).later(1).step().creates()).isEqualTo(1);
  }

  @Test
  void theConditionSaysHowFarItIs() {
    Pool pool = pool(10, update(20, false));
    pool.revision(NEW).later(1).step();
    pool.settle();
    assertThat(pool.plan().notes().progressing())
        .contains(new Note("Updating", "2 of 12 workers on revision r2, canary 2 of 2 ready"));
  }

  @Test
  void whatIsKnownOutlivesAnOperator() {
    Instant t = Pool.START;
    List<RevisionFacts> known =
        List.of(
            new RevisionFacts(
                "r0", Optional.empty(), Optional.of(t.minusSeconds(99)), Optional.empty()),
            new RevisionFacts(OLD, Optional.empty(), Optional.of(t), Optional.empty()),
            new RevisionFacts(
                NEW, Optional.of(t.plusSeconds(5)), Optional.empty(), Optional.of("no")));
    Rollout failed = Rollout.restored(NEW, known);
    assertThat(failed.failed()).isTrue();
    assertThat(failed.goal()).isEqualTo(OLD);
    assertThat(failed.facts()).isEqualTo(known.getLast());
    assertThat(Rollout.restored(OLD, known).settled()).isTrue();
    assertThat(Rollout.restored(OLD, known).facts()).isEqualTo(known.get(1));
    assertThat(Rollout.restored(null, List.of())).isEqualTo(Rollout.none());
  }

  @Test
  void theDecisionIsMadeAgainWhenTheDeadlinePassesOrTheTrialEnds() {
    Pool pool = pool(4, update(null, false));
    pool.revision(NEW).later(1).step();
    pool.later(1).step();
    assertThat(pool.plan().decision().mayChangeAt()).isEqualTo(Pool.at(62));
    pool.settle().later(1).step();
    assertThat(pool.plan().decision().mayChangeAt()).isEqualTo(Pool.at(13));
  }

  @Test
  void aFailedRevisionsWorkerThatIsBusyAfterAllStaysUntilItIsIdle() {
    Pool pool = stopped(update(null, true));
    pool.change(NEW, pod -> Pods.ready(pod.name(), 1).revision(NEW).build());
    run(pool, 30);
    assertThat(count(pool, NEW)).isEqualTo(1);
    pool.change(NEW, pod -> Pods.from(pod).ready(0).build());
    ScalePlan plan = pool.step();
    assertThat(plan.retirements()).extracting(Retirement::reason).containsExactly(Reason.LEAVING);
  }

  private static Update update(@Nullable Integer canary, boolean rollback) {
    return new Update(new IntOrString("25%"), new IntOrString(0), canary, "1m", rollback);
  }

  private static Pool pool(int size, Update update) {
    Pool pool = new Pool().bounds(size, 100).spec(s -> s.withUpdate(update)).idle(size);
    pool.step();
    return pool;
  }

  /** Of four workers, with one bad Pod of a revision whose deadline has passed. */
  private static Pool stopped(Update update) {
    Pool pool = pool(4, update);
    pool.revision(NEW).later(1).step();
    pool.breaks(NEW, Cause.IMAGE);
    pool.later(1).step();
    pool.later(Duration.ofMinutes(1)).step();
    assertThat(failure(pool)).isPresent();
    return pool;
  }

  private static void run(Pool pool, int seconds) {
    for (int i = 0; i < seconds; i++) {
      pool.later(1).step();
      pool.settle();
    }
  }

  private static Optional<String> failure(Pool pool) {
    return pool.plan().memory().rollout().failure();
  }

  private static long count(Pool pool, String revision) {
    return pool.pods().stream()
        .filter(pod -> !(pod.phase() instanceof PodPhase.Terminating))
        .filter(pod -> pod.revision().equals(revision))
        .count();
  }
}
