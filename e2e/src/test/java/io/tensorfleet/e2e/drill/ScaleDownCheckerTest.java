package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Histories of pools that shrank, good and bad. */
class ScaleDownCheckerTest {
  private static final ScaleDownChecker CHECKER =
      new ScaleDownChecker(
          1, Map.of("short", Duration.ofSeconds(2), "long", Duration.ofMinutes(1)));

  private final List<Event> history =
      new ArrayList<>(
          List.of(
              new Event.PodReady(at(1), "w", "u"),
              new Event.Cordoned(at(2), "w", "u", "CORDONED"),
              new Event.PodLeaving(at(3), "w", "u", 0),
              noted(3, ScaleDownChecker.SHRUNK, "", 2),
              noted(5, ScaleDownChecker.SWUNG, "", 0),
              noted(1, PoolWatch.DESIRED, "short", 8),
              noted(7, PoolWatch.DESIRED, "short", 0),
              noted(10, PoolWatch.DESIRED, "short", 8),
              noted(17, PoolWatch.DESIRED, "short", 0),
              noted(1, PoolWatch.DESIRED, "long", 8),
              noted(80, PoolWatch.DESIRED, "long", 0)));

  @Test
  void idleWorkersThatLeaveAfterTheirCordonPass() {
    var findings = check();

    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures())
        .containsEntry("scale_downs", 1L)
        .containsEntry("busy_removed", 0L)
        .containsEntry("short_window_scale_downs", 2)
        .containsEntry("long_window_scale_downs", 1);
  }

  @Test
  void aBusyWorkerThatLeavesIsRefused() {
    history.add(new Event.PodLeaving(at(4), "w", "u", 1));

    assertThat(check().faults()).containsExactly("1 busy workers were removed");
  }

  @Test
  void aWorkerThatLeavesWithoutACordonIsRefused() {
    history.add(new Event.PodReady(at(1), "w", "u2"));
    history.add(new Event.PodLeaving(at(4), "w", "u2", 0));

    assertThat(check().faults()).containsExactly("1 workers were removed without a cordon");
  }

  @Test
  void aCordonThatCameAfterTheDeletionIsNone() {
    history.add(new Event.PodReady(at(1), "w", "u2"));
    history.add(new Event.PodLeaving(at(4), "w", "u2", 0));
    history.add(new Event.Cordoned(at(5), "w", "u2", "CORDONED"));

    assertThat(check().faults()).containsExactly("1 workers were removed without a cordon");
  }

  @Test
  void aWorkerThatNeverConnectedMayLeaveWithoutACordon() {
    history.add(new Event.PodLeaving(at(4), "w", "u2", 0));

    assertThat(check().faults()).isEmpty();
  }

  @Test
  void aTaskThatIsLostIsRefused() {
    history.add(new Event.Lost(at(4), "w", "u", "t"));

    assertThat(check().faults()).containsExactly("1 tasks were lost with their workers");
  }

  @Test
  void twoScaleDownsWithinOneWindowAreRefused() {
    history.add(noted(30, PoolWatch.DESIRED, "long", 5));

    assertThat(check().faults())
        .containsExactly("pool long shrank twice within its window of 60 s, 1 times");
  }

  @Test
  void aHistoryInWhichNothingWasTriedIsRefused() {
    assertThat(CHECKER.check(List.of()).faults())
        .containsExactly(
            "0 scale-downs beside busy workers, 1 were wanted",
            "the queues did not swing",
            "pool long never shrank",
            "pool short never shrank");
  }

  @Test
  void aScaleDownBesideNobodyWhoIsBusyDoesNotCount() {
    history.set(3, noted(3, ScaleDownChecker.SHRUNK, "", 0));

    assertThat(check().faults()).hasSize(1);
  }

  /** In the order of time, as a history is. */
  private Findings check() {
    history.sort(java.util.Comparator.comparing(Event::at));
    return CHECKER.check(history);
  }

  private static Event noted(int second, String what, String subject, long value) {
    return new Event.Noted(at(second), what, subject, value);
  }

  private static Duration at(int second) {
    return Duration.ofSeconds(second);
  }
}
