package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges who left while pools shrank.
 *
 * @param rounds scale-downs wanted while others were busy
 * @param windows the stabilization window of each pool of the swing
 */
record ScaleDownChecker(int rounds, Map<String, Duration> windows) {
  /** Noted when workers have left, with how many were busy then. */
  static final String SHRUNK = "shrunk";

  /** Noted each time that the queues became empty. */
  static final String SWUNG = "swung";

  /** What a status is late by, at most. */
  private static final Duration LATE = Duration.ofSeconds(1);

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    long shrunk = noted(events, SHRUNK).stream().filter(e -> e.value() > 0).count();
    book.figure("scale_downs", shrunk)
        .expect(
            shrunk >= rounds,
            "%d scale-downs beside busy workers, %d were wanted".formatted(shrunk, rounds));
    removed(events, book);
    swings(events, book);
    return book.close();
  }

  private static void removed(List<Event> all, Findings.Book book) {
    var left = History.of(all, Event.PodLeaving.class).toList();
    long busy = left.stream().filter(e -> e.held() > 0).count();
    long lost = History.of(all, Event.Lost.class).count();
    long refused =
        History.of(all, Event.Cordoned.class).filter(e -> e.outcome().equals("BUSY")).count();
    long uncordoned = left.stream().filter(e -> !agreed(e, all)).count();
    book.figure("removed", left.size())
        .figure("busy_removed", busy)
        .figure("cordons_refused", refused)
        .figure("removed_uncordoned", uncordoned)
        .figure("tasks_lost", lost)
        .expect(busy == 0, busy + " busy workers were removed")
        .expect(lost == 0, lost + " tasks were lost with their workers")
        .expect(uncordoned == 0, uncordoned + " workers were removed without a cordon");
  }

  /** The orchestrator has agreed, or had never met the worker. */
  private static boolean agreed(Event.PodLeaving left, List<Event> all) {
    boolean met =
        History.of(all, Event.PodReady.class)
            .anyMatch(e -> e.uid().equals(left.uid()) && e.at().compareTo(left.at()) < 0);
    return !met
        || History.of(all, Event.Cordoned.class)
            .anyMatch(
                e ->
                    e.incarnation().equals(left.uid())
                        && e.outcome().equals("CORDONED")
                        && e.at().compareTo(left.at()) < 0);
  }

  private void swings(List<Event> events, Findings.Book book) {
    int swings = noted(events, SWUNG).size();
    book.figure("swings", swings).expect(swings > 0, "the queues did not swing");
    new TreeMap<>(windows).forEach((pool, window) -> swings(pool, window, events, book));
  }

  private static void swings(String pool, Duration window, List<Event> events, Findings.Book book) {
    List<Duration> downs = downs(pool, events);
    long close = 0;
    for (int i = 1; i < downs.size(); i++) {
      Duration gap = downs.get(i).minus(downs.get(i - 1)).plus(LATE);
      close += gap.compareTo(window) < 0 ? 1 : 0;
    }
    book.figure(pool + "_window_scale_downs", downs.size())
        .expect(!downs.isEmpty(), "pool " + pool + " never shrank")
        .expect(
            close == 0,
            "pool %s shrank twice within its window of %d s, %d times"
                .formatted(pool, window.toSeconds(), close));
  }

  /** When the size decided became smaller. */
  private static List<Duration> downs(String pool, List<Event> events) {
    List<Duration> downs = new ArrayList<>();
    long before = 0;
    for (Event.Noted noted : noted(events, PoolWatch.DESIRED)) {
      if (noted.subject().equals(pool)) {
        if (noted.value() < before) {
          downs.add(noted.at());
        }
        before = noted.value();
      }
    }
    return downs;
  }

  private static List<Event.Noted> noted(List<Event> events, String what) {
    return History.of(events, Event.Noted.class).filter(e -> e.what().equals(what)).toList();
  }
}
