package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Histories of tasks that did not fit a grace, good and bad. */
class DrainOverrunCheckerTest {
  private static final DrainOverrunChecker CHECKER = new DrainOverrunChecker(1);
  private static final String LEAVING = DrainOverrunChecker.LEAVING;
  private static final Event.Token FIRST = new Event.Token("t", 1, 1);
  private static final Event.Token SECOND = new Event.Token("t", 2, 2);

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  private static List<Event> good() {
    return List.of(
        new Event.Submitted(ms(0), "t"),
        new Event.Leased(ms(10), LEAVING, FIRST, 0),
        new Event.Progressed(ms(500), LEAVING, FIRST, 3),
        new Event.Signalled(ms(600), LEAVING, "TERM"),
        new Event.Returned(ms(2_100), LEAVING, FIRST, 9, true),
        new Event.Judged(ms(2_110), LEAVING, FIRST, true),
        new Event.Exited(ms(2_200), LEAVING, 143),
        new Event.Leased(ms(2_300), "elsewhere", SECOND, 9),
        new Event.Progressed(ms(2_500), "elsewhere", SECOND, 10),
        new Event.Progressed(ms(2_700), "elsewhere", SECOND, 11),
        new Event.Ended(ms(9_000), "t", "COMPLETED", 2));
  }

  private static List<String> faults(Predicate<Event> left, Event... instead) {
    var events =
        Stream.concat(good().stream().filter(left.negate()), Arrays.stream(instead))
            .sorted(Comparator.comparing(Event::at))
            .toList();
    return CHECKER.check(events).faults();
  }

  private static boolean resumes(Event event) {
    return event instanceof Event.Leased lease && lease.token().equals(SECOND);
  }

  @Test
  void aTaskThatGoesOnElsewhereAtItsCheckpointPasses() {
    var findings = CHECKER.check(good());
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures()).containsEntry("elsewhere_worst_ms", 200L);
  }

  @Test
  void aTaskThatBeginsAnewIsRefused() {
    assertThat(faults(e -> resumes(e), new Event.Leased(ms(2_300), "elsewhere", SECOND, 0)))
        .containsExactly("task t was handed back at epoch 9 and leased to resume at 0");
    assertThat(faults(_ -> false, new Event.Progressed(ms(2_400), "elsewhere", SECOND, 1)))
        .containsExactly("task t began at epoch 1, its checkpoint is of 9");
  }

  @Test
  void aHandBackWithoutACheckpointIsRefused() {
    assertThat(
            faults(
                Event.Returned.class::isInstance,
                new Event.Returned(ms(2_100), LEAVING, FIRST, 9, false)))
        .containsExactly("task t was handed back at epoch 9 without a checkpoint");
  }

  @Test
  void goingOnLateIsRefused() {
    assertThat(faults(e -> resumes(e), new Event.Leased(ms(4_200), "elsewhere", SECOND, 9)))
        .contains("task t was elsewhere after 2100 ms");
    assertThat(faults(e -> resumes(e))).contains("task t was elsewhere after 86400000 ms");
  }

  @Test
  void aHandBackThatCountsAsATryIsRefused() {
    assertThat(faults(Event.Ended.class::isInstance, new Event.Ended(ms(9_000), "t", "FAILED", 1)))
        .containsExactly("1 tasks did not complete: a hand-back counted as their only try");
  }

  @Test
  void aTaskThatIsNotHandedBackIsRefused() {
    assertThat(faults(Event.Returned.class::isInstance))
        .containsExactly("0 of 1 tasks were handed back");
  }

  @Test
  void anotherExitStatusIsRefused() {
    assertThat(faults(Event.Exited.class::isInstance)).containsExactly("it exited with -1");
  }
}
