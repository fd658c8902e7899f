package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of orchestrators that failed, good and bad. */
class FailStaticCheckerTest {
  private static final FailStaticChecker CHECKER = new FailStaticChecker(List.of("HANGS"));

  private final List<Event> history =
      new ArrayList<>(
          List.of(
              noted(5, PoolWatch.DESIRED, "warm", 4),
              noted(10, FailStaticChecker.FAILS, "HANGS", 0),
              noted(13, PoolWatch.DESIRED, "warm", 2),
              noted(25, PoolWatch.REACHABLE, "warm", 0),
              noted(26, PoolWatch.REACHABLE, "cold", 0),
              noted(
                  26, FailStaticChecker.TOLD, "warm: QueueUnknown: QueueReachable is False: a", 0),
              noted(
                  26, FailStaticChecker.TOLD, "cold: QueueUnknown: QueueReachable is False: a", 0),
              new Event.PodMade(at(31), "cold-0", "u"),
              noted(60, FailStaticChecker.MENDED, "HANGS", 0),
              noted(64, PoolWatch.DESIRED, "warm", 0),
              new Event.PodLeaving(at(65), "warm-0", "w", 0),
              noted(70, FailStaticChecker.SETTLED, "HANGS", 0)));

  @Test
  void aPoolThatHoldsAndRecoversPasses() {
    var findings = check();

    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures())
        .containsEntry("unreachable_worst_ms", 16_000L)
        .containsEntry("scale_downs", 0L)
        .containsEntry("events_repeated", 0L);
  }

  @Test
  void aWorkerThatLeavesMeanwhileIsRefused() {
    history.add(new Event.PodLeaving(at(12), "warm-0", "w", 0));

    assertThat(check().faults()).containsExactly("1 scale-downs while the queue was unknown");
  }

  @Test
  void aSizeThatShrinksAfterTheLossWasSeenIsRefused() {
    history.add(noted(40, PoolWatch.DESIRED, "warm", 0));

    assertThat(check().faults()).containsExactly("1 scale-downs while the queue was unknown");
  }

  @Test
  void aSizeThatWasSetBeforeTheLossAndShrinksAfterItIsRefused() {
    history.removeIf(e -> e.at().equals(at(13)));
    history.add(noted(40, PoolWatch.DESIRED, "warm", 0));

    assertThat(check().faults()).containsExactly("1 scale-downs while the queue was unknown");
  }

  @Test
  void aLossThatShowsLateOrNeverIsRefused() {
    history.removeIf(e -> e instanceof Event.Noted n && n.what().equals(PoolWatch.REACHABLE));
    history.add(noted(41, PoolWatch.REACHABLE, "warm", 0));

    assertThat(check().faults())
        .containsExactly(
            "HANGS: QueueReachable of cold was never False",
            "HANGS: QueueReachable of warm was False after 31000 ms");
  }

  @Test
  void anEventThatIsRepeatedIsRefusedWhateverItsReason() {
    history.add(
        noted(50, FailStaticChecker.TOLD, "warm: QueueUnknown: QueueReachable is False: b", 0));

    assertThat(check().faults()).containsExactly("1 events were repeated within 5 min");
  }

  @Test
  void aFallbackThatMakesNothingIsRefused() {
    history.removeIf(e -> e instanceof Event.PodMade);

    assertThat(check().faults()).containsExactly("the fallback made Pods 0 times of 1");
  }

  @Test
  void poolsThatDoNotRecoverAreRefused() {
    history.removeLast();

    assertThat(check().faults()).containsExactly("HANGS: the pools did not recover");
  }

  @Test
  void aHistoryInWhichNothingWasTriedIsRefused() {
    assertThat(CHECKER.check(List.of()).faults()).contains("HANGS was not tried");
  }

  private Findings check() {
    history.sort(Comparator.comparing(Event::at));
    return CHECKER.check(history);
  }

  private static Event noted(int second, String what, String subject, long value) {
    return new Event.Noted(at(second), what, subject, value);
  }

  private static Duration at(int second) {
    return Duration.ofSeconds(second);
  }
}
