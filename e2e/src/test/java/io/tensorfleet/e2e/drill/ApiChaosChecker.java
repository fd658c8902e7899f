package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;

/** Judges what became of pools whose API server was bad company for a while. Pure. */
record ApiChaosChecker() {
  /** Requests that were answered with an error. */
  static final String ERRORS = "errors";

  /** Writes that came through and whose answers did not. */
  static final String LOST = "answers-lost";

  static final String DROPPED = "watches-dropped";
  static final String GONE = "gone";

  static final String RIGHT_MS = "right-ms";
  static final String QUIET_WRITES = "quiet-writes";

  /** With every fifth request refused, what is wanted comes late. */
  private static final Duration LAG = Duration.ofSeconds(15);

  private static final long LATEST_MS = 30_000;

  Findings check(List<Event> events) {
    var story = new PodStory(events);
    long right = last(story, RIGHT_MS);
    long writes = last(story, QUIET_WRITES);
    long strangers =
        History.of(events, Event.Noted.class)
            .filter(e -> e.what().equals(PodStory.STRANGER))
            .count();
    var book = new Findings.Book();
    for (String done : List.of(ERRORS, LOST, DROPPED, GONE)) {
      book.figure(done.replace('-', '_'), last(story, done));
    }
    book.expect(last(story, ERRORS) > 0, "no request was refused")
        .expect(last(story, DROPPED) > 0, "no watch was dropped")
        .figure("deleted_by_a_stranger", strangers);
    story.judge(LAG, book);
    book.figure("right_ms", right)
        .expect(right >= 0 && right <= LATEST_MS, "all was right after " + right + " ms")
        .figure("quiet_writes", writes)
        .expect(writes == 0, "the operator wrote " + writes + " times with nothing to do");
    return book.close();
  }

  private static long last(PodStory story, String what) {
    return story.noted(what).getOrDefault("", -1L);
  }
}
