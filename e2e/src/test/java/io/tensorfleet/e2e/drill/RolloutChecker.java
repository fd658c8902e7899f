package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges a rollout of a pool of so many workers with a surge of one: no task is run again for it,
 * there are never more Pods than size and surge, the canary comes first and alone, it ends on the
 * new revision; a bad revision stops at its first Pod, says so, and is gone when rolled back.
 */
record RolloutChecker(int workers) {
  static final String FIRST = "is first";
  static final String GOOD = "is good";
  static final String BAD = "is bad";
  static final String BUSY = "busy";
  static final String SAID = "said";
  static final String AFTER_GOOD = "after good";
  static final String AFTER_BAD = "after bad";

  private static final int SURGE = 1;

  /** A canary must stay ready for 10 s; what is seen of it comes with some delay. */
  private static final Duration STEADY = Duration.ofSeconds(9);

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    tasks(events, book);
    bounds(events, book);
    good(events, book);
    bad(events, book);
    return book.close();
  }

  private void tasks(List<Event> events, Findings.Book book) {
    var ended = History.of(events, Event.Ended.class).toList();
    long again = ended.stream().filter(task -> task.attempts() > 1).count();
    long lost = TaskView.lost(events);
    long busy = noted(events, BUSY).filter(note -> note.value() == workers).count();
    book.figure("workers", workers)
        .figure("tasks", ended.size())
        .figure("run_again", again)
        .figure("lost", lost)
        .expect(!ended.isEmpty(), "no task ended")
        .expect(again == 0, again + " tasks were run again")
        .expect(lost == 0, lost + " tasks did not complete")
        .expect(busy == 2, "not every worker was busy when the template was changed");
  }

  private void bounds(List<Event> events, Findings.Book book) {
    long most = noted(events, RolloutPods.MADE).mapToLong(Event.Noted::value).max().orElse(0);
    book.figure("most_pods", most)
        .expect(
            most <= workers + SURGE,
            "there were %d Pods, those that leave included; allowed are %d"
                .formatted(most, workers + SURGE));
  }

  private void good(List<Event> events, Findings.Book book) {
    String revision = revision(events, GOOD);
    var made = noted(events, RolloutPods.MADE).filter(n -> n.subject().equals(revision)).toList();
    Optional<Event.Noted> ready =
        noted(events, RolloutPods.READY).filter(n -> n.subject().equals(revision)).findFirst();
    Duration alone =
        made.size() < 2 || ready.isEmpty()
            ? Duration.ZERO
            : made.get(1).at().minus(ready.get().at());
    book.figure("canary_alone_ms", alone.toMillis())
        .figure("after_change", counts(events, AFTER_GOOD).values())
        .expect(!revision.equals(revision(events, FIRST)), "the change made no new revision")
        .expect(
            alone.compareTo(STEADY) >= 0,
            "the others followed the canary after " + alone.toMillis() + " ms")
        .expect(
            counts(events, AFTER_GOOD).equals(Map.of(revision, (long) workers)),
            "it ended with Pods of " + counts(events, AFTER_GOOD));
  }

  private void bad(List<Event> events, Findings.Book book) {
    String revision = revision(events, BAD);
    long made = noted(events, RolloutPods.MADE).filter(n -> n.subject().equals(revision)).count();
    String said = noted(events, SAID).map(Event.Noted::subject).findFirst().orElse("");
    book.figure("bad_pods_made", made)
        .figure("after_rollback", counts(events, AFTER_BAD).values())
        .expect(made == SURGE, made + " Pods of the bad revision were made")
        .expect(
            said.contains(revision) && said.contains(revision(events, GOOD)),
            "the condition does not name both revisions: " + said)
        .expect(
            counts(events, AFTER_BAD).keySet().equals(Set.of(revision(events, GOOD))),
            "after the rollback there were Pods of " + counts(events, AFTER_BAD));
  }

  private static Map<String, Long> counts(List<Event> events, String what) {
    return noted(events, what)
        .collect(Collectors.toMap(Event.Noted::subject, Event.Noted::value, Long::sum));
  }

  private static String revision(List<Event> events, String what) {
    return noted(events, what).map(Event.Noted::subject).findFirst().orElse("");
  }

  private static Stream<Event.Noted> noted(List<Event> events, String what) {
    return History.of(events, Event.Noted.class).filter(note -> note.what().equals(what));
  }
}
