package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Histories of drains, good and bad; one second is the heartbeat's interval. */
class DrainCheckerTest {
  private static final DrainChecker CHECKER = new DrainChecker(1, Duration.ofSeconds(30));
  private static final Event.Token RUNS = new Event.Token("runs", 1, 1);
  private static final Event.Token WAITS = new Event.Token("waits", 1, 2);
  private static final Event.Token AGAIN = new Event.Token("runs", 2, 3);
  private static final String GONE = DrainChecker.LEAVING;
  private static final String FAST = DrainChecker.HASTENED;

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  private static List<Event> calm() {
    return new ArrayList<>(
        List.of(
            new Event.Submitted(ms(0), "runs"),
            new Event.Submitted(ms(0), "waits"),
            new Event.Welcomed(ms(5), GONE, ms(6_000), ms(1_000)),
            new Event.Leased(ms(10), GONE, RUNS, 0),
            new Event.Beat(ms(900), GONE, Set.of(RUNS)),
            new Event.Signalled(ms(1_000), GONE, "TERM"),
            new Event.Beat(ms(1_900), GONE, Set.of(RUNS)),
            new Event.Beat(ms(2_900), GONE, Set.of(RUNS)),
            new Event.Leased(ms(3_000), "staying", WAITS, 0),
            new Event.Reported(ms(3_500), GONE, RUNS, "COMPLETED"),
            new Event.Judged(ms(3_510), GONE, RUNS, true),
            new Event.Exited(ms(3_600), GONE, 143),
            new Event.Ended(ms(5_000), "runs", "COMPLETED", 1),
            new Event.Ended(ms(5_000), "waits", "COMPLETED", 1)));
  }

  private static List<Event> hastened() {
    return new ArrayList<>(
        List.of(
            new Event.Submitted(ms(0), "runs"),
            new Event.Leased(ms(10), FAST, RUNS, 0),
            new Event.Signalled(ms(1_000), FAST, "TERM"),
            new Event.Signalled(ms(1_200), FAST, "TERM"),
            new Event.Returned(ms(1_300), FAST, RUNS, 2, true),
            new Event.Judged(ms(1_310), FAST, RUNS, true),
            new Event.Exited(ms(1_400), FAST, 143),
            new Event.Leased(ms(1_450), "elsewhere", AGAIN, 2),
            new Event.Ended(ms(5_000), "runs", "COMPLETED", 2)));
  }

  private static List<String> faults(List<Event> calm) {
    return CHECKER.check(calm, hastened()).faults();
  }

  private static List<Event> without(List<Event> events, Predicate<Event> left) {
    return events.stream().filter(left.negate()).toList();
  }

  private static List<Event> with(List<Event> events, Event one) {
    events.add(one);
    events.sort(java.util.Comparator.comparing(Event::at));
    return events;
  }

  @Test
  void aDrainInGoodOrderPasses() {
    var findings = CHECKER.check(calm(), hastened());
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures())
        .containsEntry("longest_gap_ms", 1_000L)
        .containsEntry("exit_after_ms", 2_600L)
        .containsEntry("hastened_exit_ms", 200L);
  }

  @Test
  void aWorkerThatStopsItsHeartbeatsWhileDrainingIsRefused() {
    var silent = without(calm(), e -> e instanceof Event.Beat && e.at().compareTo(ms(1_000)) > 0);
    assertThat(faults(silent)).singleElement().asString().contains("2610 ms apart");
  }

  @Test
  void aTaskTakenAfterTheSigtermIsRefused() {
    var greedy = with(calm(), new Event.Leased(ms(2_000), GONE, WAITS, 0));
    assertThat(faults(greedy)).contains("1 tasks were taken anew after the SIGTERM");
  }

  @Test
  void aTaskRunAgainElsewhereIsRefused() {
    var again = with(calm(), new Event.Leased(ms(4_000), "staying", AGAIN, 0));
    assertThat(faults(again)).contains("1 tasks were run again");
  }

  @Test
  void aTaskThatNeverCompletesIsRefused() {
    var lost = without(calm(), e -> e instanceof Event.Ended ended && ended.task().equals("waits"));
    assertThat(faults(lost)).containsExactly("1 tasks did not complete");
  }

  @Test
  void aCompletionThatWasNotAcceptedIsRefused() {
    var stale = without(calm(), Event.Judged.class::isInstance);
    var refused = new Event.Judged(ms(3_510), GONE, RUNS, false);
    assertThat(faults(with(new ArrayList<>(stale), refused)))
        .contains("not every running task was completed by the worker that was leaving");
  }

  @Test
  void anotherExitStatusIsRefused() {
    var killed = without(calm(), Event.Exited.class::isInstance);
    assertThat(faults(with(new ArrayList<>(killed), new Event.Exited(ms(3_600), GONE, 137))))
        .containsExactly("it exited with 137");
  }

  @Test
  void leavingPastTheGraceIsRefused() {
    var late = without(calm(), Event.Exited.class::isInstance);
    assertThat(faults(with(new ArrayList<>(late), new Event.Exited(ms(31_000), GONE, 143))))
        .containsExactly("it left after 30000 ms, past its grace");
  }

  @Test
  void aWorkerThatNeverLeavesIsRefused() {
    assertThat(faults(without(calm(), Event.Exited.class::isInstance)))
        .containsExactly("it did not exit");
  }

  @Test
  void aDrillWithNothingRunningIsRefused() {
    assertThat(CHECKER.check(List.of(), hastened()).pass()).isFalse();
    assertThat(CHECKER.check(calm(), List.of()).pass()).isFalse();
  }

  @Test
  void hastenedItMustHandBackWhatRuns() {
    var kept = without(hastened(), Event.Returned.class::isInstance);
    assertThat(CHECKER.check(calm(), kept).faults())
        .containsExactly("hastened, it handed back 0 of 1 tasks");
  }

  @Test
  void hastenedItMustLeaveSoon() {
    var slow = without(hastened(), Event.Exited.class::isInstance);
    var late = with(new ArrayList<>(slow), new Event.Exited(ms(9_000), FAST, 143));
    assertThat(CHECKER.check(calm(), late).faults())
        .containsExactly("hastened, it left after 7800 ms");
  }

  @Test
  void aHandBackThatCountedAsTheOnlyTryIsRefused() {
    var failed = without(hastened(), Event.Ended.class::isInstance);
    var counted = with(new ArrayList<>(failed), new Event.Ended(ms(5_000), "runs", "FAILED", 1));
    assertThat(CHECKER.check(calm(), counted).faults())
        .containsExactly("1 tasks that it handed back did not complete elsewhere");
  }
}
