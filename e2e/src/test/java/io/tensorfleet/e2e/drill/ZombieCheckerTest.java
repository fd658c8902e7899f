package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Histories of a worker that slept, good and bad. */
class ZombieCheckerTest {
  private static final ZombieChecker CHECKER = new ZombieChecker(1);
  private static final String ZOMBIE = ZombieChecker.ZOMBIE;
  private static final Event.Token OLD = new Event.Token("slept", 1, 1);
  private static final Event.Token NEW = new Event.Token("slept", 2, 2);
  private static final Event.Token AFTER = new Event.Token("after", 1, 3);

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  private static List<Event> good() {
    return List.of(
        new Event.Submitted(ms(0), "slept"),
        new Event.Submitted(ms(0), "after"),
        new Event.Leased(ms(10), ZOMBIE, OLD, 0),
        new Event.Logged(ms(100), "slept", 1),
        new Event.Signalled(ms(200), ZOMBIE, "STOP"),
        new Event.Leased(ms(1_700), "other", NEW, 0),
        new Event.Signalled(ms(2_000), ZOMBIE, "CONT"),
        new Event.Progressed(ms(2_010), ZOMBIE, OLD, 5),
        new Event.Reported(ms(2_020), ZOMBIE, OLD, "COMPLETED"),
        new Event.Judged(ms(2_030), ZOMBIE, OLD, false),
        new Event.Logged(ms(2_500), "slept", 2),
        new Event.Reported(ms(3_000), "other", NEW, "COMPLETED"),
        new Event.Judged(ms(3_010), "other", NEW, true),
        new Event.Leased(ms(3_100), ZOMBIE, AFTER, 0),
        new Event.Reported(ms(3_300), ZOMBIE, AFTER, "COMPLETED"),
        new Event.Judged(ms(3_310), ZOMBIE, AFTER, true),
        new Event.Ended(ms(9_000), "slept", "COMPLETED", 2),
        new Event.Ended(ms(9_000), "after", "COMPLETED", 1));
  }

  private static List<String> faults(Predicate<Event> left, Event... instead) {
    var events =
        Stream.concat(good().stream().filter(left.negate()), Arrays.stream(instead))
            .sorted(Comparator.comparing(Event::at))
            .toList();
    return CHECKER.check(events).faults();
  }

  private static boolean judges(Event event, Event.Token token) {
    return event instanceof Event.Judged judged && judged.token().equals(token);
  }

  @Test
  void aZombieWhoseWordsDoNotCountPasses() {
    var findings = CHECKER.check(good());
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures())
        .containsEntry("stale_completions_told", 1)
        .containsEntry("stale_progress_told", 1L);
  }

  @Test
  void aStaleCompletionThatIsAcceptedIsRefused() {
    assertThat(faults(e -> judges(e, OLD), new Event.Judged(ms(2_030), ZOMBIE, OLD, true)))
        .contains("1 stale completions were accepted", "1 completions were accepted twice");
  }

  @Test
  void staleProgressThatIsAcceptedIsRefused() {
    assertThat(faults(_ -> false, new Event.Logged(ms(2_015), "slept", 1)))
        .containsExactly("1 stale reports of progress were accepted");
  }

  @Test
  void aZombieThatRunsOnIsRefused() {
    assertThat(faults(_ -> false, new Event.Progressed(ms(4_100), ZOMBIE, OLD, 9)))
        .containsExactly("lost tasks told progress 1 times, long after");
    assertThat(faults(_ -> false, new Event.Beat(ms(4_100), ZOMBIE, Set.of(OLD))))
        .containsExactly("1 heartbeats named leases that were long lost");
  }

  @Test
  void aZombieThatWorksNoMoreIsRefused() {
    assertThat(faults(e -> judges(e, AFTER)))
        .containsExactly("the worker completed nothing after the last round");
  }

  @Test
  void aTaskThatIsLostIsRefused() {
    assertThat(faults(e -> e instanceof Event.Ended end && end.task().equals("slept")))
        .containsExactly("1 tasks did not complete");
  }

  @Test
  void aDrillThatTriedNothingIsRefused() {
    assertThat(CHECKER.check(List.of()).pass()).isFalse();
    assertThat(faults(e -> e instanceof Event.Reported r && r.token().equals(OLD)))
        .contains("nothing stale was told: nothing was tried");
    assertThat(faults(e -> e instanceof Event.Leased l && l.token().equals(NEW))).isNotEmpty();
  }
}
