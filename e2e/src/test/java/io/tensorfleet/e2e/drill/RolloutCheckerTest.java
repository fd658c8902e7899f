package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a rollout must not do, and that the checker sees it. */
class RolloutCheckerTest {
  @Test
  void aGoodHistoryHolds() {
    assertThat(faults(_ -> {})).isEmpty();
  }

  @Test
  void aHistoryInWhichNothingWasTriedDoesNotHold() {
    assertThat(new RolloutChecker(2).check(List.of()).pass()).isFalse();
  }

  @Test
  void aTaskThatWasRunAgainIsSeen() {
    assertThat(faults(all -> all.add(new Event.Ended(at(60), "t1", "COMPLETED", 2))))
        .anyMatch(fault -> fault.contains("run again"));
  }

  @Test
  void aTaskThatWasLostIsSeen() {
    assertThat(faults(all -> all.add(new Event.Submitted(at(1), "t9"))))
        .anyMatch(fault -> fault.contains("did not complete"));
  }

  @Test
  void onePodTooManyIsSeen() {
    assertThat(faults(all -> all.add(note(30, RolloutPods.MADE, "r2", 4))))
        .anyMatch(fault -> fault.contains("there were 4 Pods"));
  }

  @Test
  void aCanaryThatWasNotWaitedForIsSeen() {
    assertThat(faults(all -> all.add(note(14, RolloutPods.MADE, "r2", 3))))
        .anyMatch(fault -> fault.contains("followed the canary"));
  }

  @Test
  void aPodOfTheOldRevisionThatStayedIsSeen() {
    assertThat(faults(all -> all.add(note(40, RolloutChecker.AFTER_GOOD, "r1", 1))))
        .anyMatch(fault -> fault.contains("it ended with Pods of"));
  }

  @Test
  void workersThatWereNotAllBusyAreSeen() {
    assertThat(faults(all -> all.removeIf(e -> is(e, RolloutChecker.BUSY))))
        .anyMatch(fault -> fault.contains("busy"));
  }

  @Test
  void aSecondBadPodIsSeen() {
    assertThat(faults(all -> all.add(note(52, RolloutPods.MADE, "r3", 3))))
        .anyMatch(fault -> fault.contains("2 Pods of the bad revision"));
  }

  @Test
  void aBadPodThatStayedIsSeen() {
    assertThat(faults(all -> all.add(note(58, RolloutChecker.AFTER_BAD, "r3", 1))))
        .anyMatch(fault -> fault.contains("after the rollback"));
  }

  @Test
  void aConditionThatNamesNothingIsSeen() {
    assertThat(
            faults(
                all -> {
                  all.removeIf(e -> is(e, RolloutChecker.SAID));
                  all.add(note(55, RolloutChecker.SAID, "it failed", 1));
                }))
        .anyMatch(fault -> fault.contains("does not name"));
  }

  private static List<String> faults(Consumer<List<Event>> change) {
    var events = new ArrayList<>(good());
    change.accept(events);
    events.sort(Comparator.comparing(Event::at));
    return new RolloutChecker(2).check(events).faults();
  }

  private static List<Event> good() {
    return List.of(
        note(1, RolloutPods.MADE, "r1", 1),
        note(1, RolloutPods.MADE, "r1", 2),
        note(2, RolloutChecker.FIRST, "r1", 0),
        new Event.Submitted(at(3), "t1"),
        note(4, RolloutChecker.BUSY, "ns", 2),
        note(5, RolloutPods.MADE, "r2", 3),
        note(12, RolloutPods.READY, "r2", 3),
        note(23, RolloutPods.MADE, "r2", 3),
        note(25, RolloutPods.READY, "r2", 3),
        note(40, RolloutChecker.GOOD, "r2", 0),
        note(40, RolloutChecker.AFTER_GOOD, "r2", 2),
        note(45, RolloutChecker.BUSY, "ns", 2),
        note(50, RolloutPods.MADE, "r3", 3),
        note(55, RolloutChecker.SAID, "revision r3 failed; back to r2", 1),
        note(55, RolloutChecker.BAD, "r3", 0),
        note(58, RolloutChecker.AFTER_BAD, "r2", 2),
        new Event.Ended(at(59), "t1", "COMPLETED", 1));
  }

  private static boolean is(Event event, String what) {
    return event instanceof Event.Noted note && note.what().equals(what);
  }

  private static Event.Noted note(int second, String what, String subject, long value) {
    return new Event.Noted(at(second), what, subject, value);
  }

  private static Duration at(int second) {
    return Duration.ofSeconds(second);
  }
}
