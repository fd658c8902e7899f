package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;

/** Judges what became of pools whose operator was killed again and again. Pure. */
record OperatorCrashChecker(int kills) {
  /** An operator was killed: 1 when it had nothing left to do then. */
  static final String KILLED = "killed";

  static final String SETTLED_MS = "settled-ms";

  /** From here on pools are deleted, with their Pods. */
  static final String ENDED = "ended";

  static final String ORPHANED = "orphaned";

  /** What was wanted a while ago may still be under way, or held by the window of one second. */
  private static final Duration LAG = Duration.ofSeconds(5);

  Findings check(List<Event> events) {
    var lived = new PodStory(events.stream().takeWhile(event -> !isEnd(event)).toList());
    var whole = new PodStory(events);
    var killed =
        History.of(events, Event.Noted.class).filter(e -> e.what().equals(KILLED)).toList();
    long amidst = killed.stream().filter(kill -> kill.value() == 0).count();
    long orphaned = whole.noted(ORPHANED).getOrDefault("", -1L);
    var book =
        new Findings.Book()
            .figure("kills", killed.size())
            .figure("amidst", amidst)
            .expect(
                killed.size() == kills && kills > 0,
                "killed " + killed.size() + " times, not " + kills)
            .expect(amidst > 0, "no operator was killed amidst its work");
    lived.judge(LAG, book);
    book.figure("orphaned", orphaned)
        .expect(orphaned == 0, orphaned + " Pods are left of pools that want none")
        .figure("settled_ms", lived.noted(SETTLED_MS).getOrDefault("", -1L));
    witness(lived, book);
    return book.close();
  }

  /**
   * What the API server says must be what the kubelet saw. Of a caller that was killed meanwhile it
   * says 504, whether it did it or not.
   */
  private static void witness(PodStory story, Findings.Book book) {
    long made = story.asked("create", Audit.Request::accepted);
    long madeAtMost = made + story.asked("create", request -> request.code() >= 500);
    long deleted = story.asked("delete", Audit.Request::accepted);
    long deletedAtMost = deleted + story.asked("delete", request -> request.code() >= 500);
    int seen = story.count(Event.PodMade.class);
    book.figure("audit_creates", made).figure("audit_deletes", deleted);
    book.expect(
        made <= seen && seen <= madeAtMost,
        "the API server made " + made + " Pods, the kubelet saw " + seen);
    book.expect(
        story.count(Event.PodLeaving.class) <= deletedAtMost,
        "somebody else deleted Pods: operators did " + deletedAtMost + " times");
  }

  private static boolean isEnd(Event event) {
    return event instanceof Event.Noted noted && noted.what().equals(ENDED);
  }
}
