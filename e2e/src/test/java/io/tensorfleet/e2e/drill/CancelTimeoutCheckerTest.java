package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Histories of tasks that had to stop, good and bad. */
class CancelTimeoutCheckerTest {
  private static final String WORKER = "w";
  private static final CancelTimeoutChecker CHECKER = new CancelTimeoutChecker(WORKER, 1);
  private static final Event.Token CANCELLED = new Event.Token("cancelled", 1, 1);
  private static final Event.Token TIMED = new Event.Token("timed", 1, 2);

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  private static List<Event> good() {
    return List.of(
        new Event.Leased(ms(0), WORKER, CANCELLED, 0),
        new Event.Noted(ms(0), "run_timeout", "timed", 1_000),
        new Event.Leased(ms(0), WORKER, TIMED, 0),
        new Event.Progressed(ms(400), WORKER, CANCELLED, 1),
        new Event.CancelAsked(ms(500), "cancelled"),
        new Event.Reported(ms(700), WORKER, CANCELLED, "CANCELLED"),
        new Event.Reported(ms(1_100), WORKER, TIMED, "TIMED_OUT"),
        new Event.Ended(ms(2_000), "cancelled", "CANCELLED", 1),
        new Event.Ended(ms(2_000), "timed", "FAILED", 1),
        new Event.Ended(ms(2_000), "after", "COMPLETED", 1),
        new Event.Noted(ms(2_000), "active", WORKER, 0),
        new Event.Noted(ms(2_000), "children", WORKER, 0));
  }

  private static List<Event> but(Predicate<Event> left, Event... instead) {
    return Stream.concat(good().stream().filter(left.negate()), Arrays.stream(instead))
        .sorted(java.util.Comparator.comparing(Event::at))
        .toList();
  }

  private static boolean reports(Event event, Event.Token token) {
    return event instanceof Event.Reported report && report.token().equals(token);
  }

  private static boolean notes(Event event, String what) {
    return event instanceof Event.Noted note && note.what().equals(what);
  }

  @Test
  void tasksThatStopSoonPass() {
    var findings = CHECKER.check(good());
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures())
        .containsEntry("cancel_worst_ms", 200L)
        .containsEntry("timeout_worst_ms", 100L);
  }

  @Test
  void aCancelThatTakesLongIsRefused() {
    var late = new Event.Reported(ms(2_501), WORKER, CANCELLED, "CANCELLED");
    assertThat(CHECKER.check(but(e -> reports(e, CANCELLED), late)).faults())
        .containsExactly("cancel: task cancelled stopped after 2001 ms");
  }

  @Test
  void aTaskThatIgnoresTheCancelHasFiveSeconds() {
    var late = new Event.Reported(ms(5_400), WORKER, CANCELLED, "CANCELLED");
    var ignores = new Event.Noted(ms(0), "ignores", "cancelled", 1);
    var free = new Event.Noted(ms(5_450), "released", WORKER, 0);
    var findings = CHECKER.check(but(e -> reports(e, CANCELLED), late, ignores, free));
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures()).containsEntry("cancel_ignored_worst_ms", 4_900L);
    var tooLate = new Event.Reported(ms(5_600), WORKER, CANCELLED, "CANCELLED");
    assertThat(CHECKER.check(but(e -> reports(e, CANCELLED), tooLate, ignores, free)).faults())
        .containsExactly("cancel: task cancelled stopped after 5100 ms");
    assertThat(CHECKER.check(but(e -> reports(e, CANCELLED), late, ignores)).faults())
        .singleElement()
        .asString()
        .startsWith("the slots of tasks that ignored it were free after");
  }

  @Test
  void aTaskThatRunsOnPastItsTimeIsRefused() {
    assertThat(CHECKER.check(but(e -> reports(e, TIMED))).faults())
        .singleElement()
        .asString()
        .startsWith("timeout: task timed");
  }

  @Test
  void aLostLeaseStopsWhenNoHeartbeatNamesItAnyMore() {
    var lost = new Event.LeaseLost(ms(520), WORKER, CANCELLED);
    var still = new Event.Beat(ms(600), WORKER, Set.of(CANCELLED));
    var gone = new Event.Beat(ms(800), WORKER, Set.of());
    assertThat(CHECKER.check(but(e -> reports(e, CANCELLED), lost, still, gone)).figures())
        .containsEntry("cancel_worst_ms", 300L);
    assertThat(CHECKER.check(but(e -> reports(e, CANCELLED), lost, still)).pass()).isFalse();
  }

  @Test
  void aCancelToldAsACompletionIsRefused() {
    var completed = new Event.Reported(ms(700), WORKER, CANCELLED, "COMPLETED");
    assertThat(CHECKER.check(but(e -> reports(e, CANCELLED), completed)).pass()).isFalse();
  }

  @Test
  void progressAfterTheEndIsRefused() {
    var talk = new Event.Progressed(ms(900), WORKER, CANCELLED, 5);
    assertThat(CHECKER.check(but(_ -> false, talk)).faults())
        .containsExactly("progress was told 1 times after the end");
  }

  @Test
  void whatIsLeftBehindIsRefused() {
    var active = but(e -> notes(e, "active"), new Event.Noted(ms(2_000), "active", WORKER, 1));
    assertThat(CHECKER.check(active).faults())
        .containsExactly("the worker still tells 1 running tasks");
    var child = but(e -> notes(e, "children"), new Event.Noted(ms(2_000), "children", WORKER, 1));
    assertThat(CHECKER.check(child).faults()).containsExactly("1 child processes are left");
  }

  @Test
  void aWorkerThatDoesNothingAfterwardsIsRefused() {
    var idle = but(e -> e instanceof Event.Ended end && end.task().equals("after"));
    assertThat(CHECKER.check(idle).faults()).containsExactly("0 of 1 tasks completed afterwards");
    assertThat(CHECKER.check(new ArrayList<>()).pass()).isFalse();
  }
}
