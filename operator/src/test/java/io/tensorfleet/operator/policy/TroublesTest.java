package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.operator.policy.PodPhase.Cause;
import io.tensorfleet.operator.policy.PodPhase.Finished;
import io.tensorfleet.operator.policy.PodPhase.Terminating;
import io.tensorfleet.operator.policy.ScalePlan.Note;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the conditions say of Pods that do not come into service. */
class TroublesTest {

  @Test
  void aPodThatFitsOnNoNodeIsProgressFirstAndATroubleAfterTwoMinutes() {
    Pool pool = new Pool().queue(2, 0).idle(1).pod(unschedulable("u"));
    ScalePlan early = pool.later(119).step();
    assertThat(early.notes().degraded()).isEmpty();
    assertThat(early.notes().progressing().orElseThrow().message())
        .isEqualTo("1 worker of 2 starting; 1 worker cannot be scheduled (u: it is blocked)");
    ScalePlan late = pool.later(1).step();
    assertThat(late.notes().degraded())
        .contains(new Note("PodsUnschedulable", "1 worker cannot be scheduled (u: it is blocked)"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"CONFIG", "IMAGE", "CRASH_LOOP"})
  void whatNeedsAPersonIsATroubleAtOnce(Cause cause) {
    Pool pool = new Pool().queue(1, 0).pod(Pods.blocked("b", cause, Pool.START).build());
    assertThat(pool.step().notes().degraded()).isPresent();
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"STUCK", "NOT_READY"})
  void whatOnlyTimeTellsIsSilentUntilItsPatienceEnds(Cause cause) {
    Pool pool = new Pool().queue(1, 0).pod(Pods.blocked("b", cause, Pool.START).build());
    ScalePlan early = pool.later(cause.patience().minusSeconds(1)).step();
    assertThat(early.notes().degraded()).isEmpty();
    assertThat(early.notes().progressing().orElseThrow().message())
        .isEqualTo("1 worker of 1 starting");
    assertThat(pool.later(1).step().notes().degraded()).isPresent();
  }

  @Test
  void everyCauseIsNamedAndTheGravestGivesTheReason() {
    Pool pool = new Pool().queue(4, 0).pod(unschedulable("a"));
    pool.pod(Pods.blocked("b", Cause.CRASH_LOOP, Pool.START).build());
    pool.pod(Pods.blocked("c", Cause.IMAGE, Pool.START).build());
    pool.pod(Pods.blocked("d", Cause.IMAGE, Pool.START).build());
    Note note = pool.later(Duration.ofMinutes(2).minusMillis(1)).step().notes().degraded().get();
    assertThat(note.reason()).isEqualTo("ImageUnavailable");
    assertThat(note.message())
        .isEqualTo(
            "2 workers cannot get the image (c: it is blocked); "
                + "1 worker cannot stay up (b: it is blocked)");
  }

  @Test
  void whileReplacementsPauseTheNextOneIsTold() {
    Pool pool = new Pool().queue(4, 0);
    for (int i = 0; i < 4; i++) {
      pool.pod(Pods.blocked("b" + i, Cause.CONFIG, Pool.START).build());
    }
    pool.later(120).step();
    assertThat(pool.later(1).plan().notes().degraded().orElseThrow().message())
        .endsWith("; 3 replaced so far, the next one not before 2026-03-02T10:02:30Z");
  }

  @Test
  void aPodThatShouldBeGoneIsNoSupplyAndIsToldOf() {
    var leaving = new Terminating(Optional.of(Pool.START), "node n1 does not say so");
    Pool pool = new Pool().queue(1, 0).pod(Pods.ready("t", 0).phase(leaving).build());
    assertThat(pool.step().creates()).isEqualTo(1);
    assertThat(pool.later(60).step().notes().degraded()).isEmpty();
    assertThat(pool.later(1).step().notes().degraded())
        .contains(
            new Note(
                "PodsStuckTerminating",
                "1 worker should be gone by now (t: due 2026-03-02T10:00:00Z, node n1 does not say so)"));
  }

  @Test
  void whatEndedAsItBeganIsToldOf() {
    var ended = new Finished("OutOfcpu", "OutOfcpu: no room", false);
    Pool pool = new Pool().queue(1, 0).pod(Pods.starting("f").phase(ended).build());
    assertThat(pool.step().notes().degraded())
        .contains(new Note("PodsEndEarly", "1 worker ended at once (f: OutOfcpu: no room)"));
  }

  private static PodView unschedulable(String name) {
    return Pods.blocked(name, Cause.UNSCHEDULABLE, Pool.START).build();
  }
}
