package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiChaosCheckerTest {
  private final List<Event> events = new ArrayList<>();
  private long now;

  @Test
  void aHistoryInWhichAllWentWellPasses() {
    well();

    assertThat(check().faults()).isEmpty();
    assertThat(check().figures()).containsEntry("errors", 9L).containsEntry("right_ms", 800L);
  }

  @Test
  void aHistoryInWhichNothingWasTriedDoesNotPass() {
    assertThat(check().pass()).isFalse();
  }

  @Test
  void withoutErrorsAndDroppedWatchesNothingWasTried() {
    well();
    noted(ApiChaosChecker.ERRORS, "", 0);
    noted(ApiChaosChecker.DROPPED, "", 0);

    assertThat(check().faults()).containsExactly("no request was refused", "no watch was dropped");
  }

  @Test
  void rightTooLateIsAFault() {
    well();
    noted(ApiChaosChecker.RIGHT_MS, "", 30_001);

    assertThat(check().faults()).containsExactly("all was right after 30001 ms");
  }

  @Test
  void aWriteWithNothingToDoIsAFault() {
    well();
    noted(ApiChaosChecker.QUIET_WRITES, "", 1);

    assertThat(check().faults()).containsExactly("the operator wrote 1 times with nothing to do");
  }

  @Test
  void aBusyWorkerThatIsToldToLeaveIsAFault() {
    well();
    events.replaceAll(
        event ->
            event instanceof Event.PodLeaving leaving
                ? new Event.PodLeaving(leaving.at(), leaving.pod(), leaving.uid(), 1)
                : event);

    assertThat(check().faults()).singleElement().asString().contains("while it held 1");
  }

  @Test
  void aPodMoreThanWantedIsAFault() {
    well();
    now += 60_000;
    add(new Event.PodMade(at(), "a-x7k2-2", "u2"));

    assertThat(check().faults()).singleElement().asString().contains("one of 2 where 1");
  }

  @Test
  void aStrangersDeletionIsNobodysFault() {
    well();
    noted(PodStory.STRANGER, "u1", 1);
    add(new Event.PodReady(at(), "a-x7k2-1", "u1"));
    add(new Event.PodLeaving(at(), "a-x7k2-1", "u1", 1));
    add(new Event.PodGone(at(), "a-x7k2-1", "u1"));
    add(new Event.PodMade(at(), "a-x7k2-1", "u3"));

    assertThat(check().faults()).isEmpty();
    assertThat(check().figures()).containsEntry("deleted_by_a_stranger", 1L);
  }

  private Findings check() {
    return new ApiChaosChecker().check(events);
  }

  private void well() {
    noted(ApiChaosChecker.ERRORS, "", 9);
    noted(ApiChaosChecker.LOST, "", 1);
    noted(ApiChaosChecker.DROPPED, "", 3);
    noted(ApiChaosChecker.GONE, "", 1);
    noted(PodStory.WANTED, "a", 2);
    add(new Event.PodMade(at(), "a-x7k2-0", "u0"));
    add(new Event.PodReady(at(), "a-x7k2-0", "u0"));
    add(new Event.PodMade(at(), "a-x7k2-1", "u1"));
    noted(PodStory.WANTED, "a", 1);
    now += 20_000;
    add(new Event.Cordoned(at(), "a-x7k2-0", "u0", "CORDONED"));
    add(new Event.PodLeaving(at(), "a-x7k2-0", "u0", 0));
    add(new Event.PodGone(at(), "a-x7k2-0", "u0"));
    noted(ApiChaosChecker.RIGHT_MS, "", 800);
    noted(ApiChaosChecker.QUIET_WRITES, "", 0);
    noted(PodStory.PODS, "a", 1);
    noted(PodStory.DESIRED, "a", 1);
    noted(PodStory.CORDONED_LEFT, "", 0);
  }

  private void noted(String what, String subject, long value) {
    add(new Event.Noted(at(), what, subject, value));
  }

  private void add(Event event) {
    events.add(event);
  }

  private Duration at() {
    return Duration.ofMillis(++now);
  }
}
