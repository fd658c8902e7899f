package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Schedule;
import io.tensorfleet.operator.policy.Decision.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules raise the lower bound, in their own time zone. */
class ScheduleTest {
  private static final Schedule OFFICE =
      new Schedule("office", "0 8 * * MON-FRI", "0 18 * * MON-FRI", "Europe/Berlin", 5);

  @ParameterizedTest
  @CsvSource({
    // Monday 2 March 2026; Berlin is one hour ahead
    "2026-03-02T06:59:59Z, 0, 2026-03-02T07:00:00Z",
    "2026-03-02T07:00:00Z, 5, 2026-03-02T17:00:00Z",
    "2026-03-02T12:00:00Z, 5, 2026-03-02T17:00:00Z",
    "2026-03-02T16:59:59Z, 5, 2026-03-02T17:00:00Z",
    "2026-03-02T17:00:00Z, 0, 2026-03-03T07:00:00Z",
    // Friday evening to Monday morning, over the change to summer time on 29 March
    "2026-03-27T20:00:00Z, 0, 2026-03-30T06:00:00Z",
    "2026-03-30T06:00:00Z, 5, 2026-03-30T16:00:00Z",
  })
  void aScheduleIsOnFromItsStartToItsEnd(Instant now, int floor, Instant change) {
    Schedules schedules = Schedules.at(List.of(OFFICE), now);
    assertThat(schedules.floor()).isEqualTo(floor);
    assertThat(schedules.nextChange()).contains(change);
  }

  @Test
  void aScheduleOverMidnightIsOnAtNight() {
    Schedule night = new Schedule("night", "0 22 * * *", "0 4 * * *", "Etc/UTC", 3);
    assertThat(Schedules.at(List.of(night), Instant.parse("2026-03-02T23:00:00Z")).floor())
        .isEqualTo(3);
    assertThat(Schedules.at(List.of(night), Instant.parse("2026-03-03T03:59:00Z")).floor())
        .isEqualTo(3);
    assertThat(Schedules.at(List.of(night), Instant.parse("2026-03-03T12:00:00Z")).floor())
        .isZero();
  }

  @Test
  void theHighestOfSeveralSchedulesCounts() {
    Schedule always = new Schedule("always", "* * * * *", "0 0 1 1 *", "Etc/UTC", 2);
    Schedules both = Schedules.at(List.of(always, OFFICE), Instant.parse("2026-03-02T12:00:00Z"));
    assertThat(both.floor()).isEqualTo(5);
    assertThat(both.name()).isEqualTo("office");
  }

  @Test
  void aScheduleRaisesAPoolFromZeroAndKeepsItThere() {
    Pool pool = new Pool().scaling(s -> s.withSchedules(List.of(OFFICE))).queue(0, 0);
    ScalePlan plan = pool.step();
    assertThat(plan.creates()).isEqualTo(5);
    assertThat(plan.decision().rule()).isEqualTo(Rule.Schedule);
    assertThat(plan.decision().sentence()).contains("schedule office asks for 5 workers");
    assertThat(plan.decision().mayChangeAt()).contains(Instant.parse("2026-03-02T17:00:00Z"));
    pool.settle();
    assertThat(pool.later(Duration.ofHours(7)).step().desiredReplicas()).isEqualTo(5);
    assertThat(pool.later(Duration.ofSeconds(60)).step().desiredReplicas()).isZero();
  }

  @Test
  void maxReplicasBoundsASchedule() {
    Pool pool = new Pool().bounds(0, 3).scaling(s -> s.withSchedules(List.of(OFFICE)));
    assertThat(pool.plan().desiredReplicas()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "61 8 * * *, Etc/UTC",
    "0 8 * * NOD, Etc/UTC",
    "nonsense, Etc/UTC",
    "0 8 * * *, Mars/Olympus",
  })
  void aScheduleThatCannotBeReadIsLeftOutAndNamed(String start, String zone) {
    Schedule bad = new Schedule("bad", start, "0 18 * * *", zone, 9);
    Pool pool = new Pool().scaling(s -> s.withSchedules(List.of(bad, OFFICE))).queue(0, 0);
    ScalePlan plan = pool.plan();
    assertThat(plan.desiredReplicas()).isEqualTo(5);
    assertThat(plan.notes().degraded().orElseThrow().message())
        .startsWith("scaling.schedules: bad is left out, because it cannot be read: ");
  }
}
