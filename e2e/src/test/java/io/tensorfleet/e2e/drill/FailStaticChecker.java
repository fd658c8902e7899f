package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges pools whose orchestrator failed.
 *
 * @param manners in which it was to fail
 */
record FailStaticChecker(List<String> manners) {
  static final String FAILS = "fails";
  static final String MENDED = "mended";
  static final String SETTLED = "settled";

  /** An event about a pool, its whole text as the subject. */
  static final String TOLD = "told";

  private static final List<String> POOLS = List.of("cold", "warm");
  private static final Duration SHOWN = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofMinutes(5);
  private static final String LOSS = "QueueReachable is False";

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    Duration worst = Duration.ZERO;
    for (String manner : manners) {
      Optional<Duration> from = at(events, FAILS, manner);
      Optional<Duration> until = at(events, MENDED, manner);
      book.expect(from.isPresent() && until.isPresent(), manner + " was not tried")
          .expect(at(events, SETTLED, manner).isPresent(), manner + ": the pools did not recover");
      if (from.isPresent() && until.isPresent()) {
        Duration late = phase(manner, within(events, from.get(), until.get()), from.get(), book);
        worst = late.compareTo(worst) > 0 ? late : worst;
      }
    }
    book.figure("manners", manners.size()).figure("unreachable_worst_ms", worst.toMillis());
    removals(events, book);
    told(events, book);
    return book.close();
  }

  /** How long the loss took to show in the pool that was last. */
  private static Duration phase(
      String manner, List<Event> phase, Duration from, Findings.Book book) {
    Duration worst = Duration.ZERO;
    for (String pool : POOLS) {
      Optional<Duration> shown = shown(phase, pool).map(at -> at.minus(from));
      Duration late = shown.orElse(Duration.ofDays(1));
      book.expect(
          late.compareTo(SHOWN) <= 0,
          manner
              + ": QueueReachable of "
              + pool
              + (shown.isPresent()
                  ? " was False after " + late.toMillis() + " ms"
                  : " was never False"));
      worst = late.compareTo(worst) > 0 ? late : worst;
    }
    return worst;
  }

  private static Optional<Duration> shown(List<Event> phase, String pool) {
    return noted(phase, PoolWatch.REACHABLE).stream()
        .filter(e -> e.subject().equals(pool) && e.value() == 0)
        .map(Event::at)
        .findFirst();
  }

  private void removals(List<Event> events, Findings.Book book) {
    long removed = 0;
    long grown = 0;
    for (String manner : manners) {
      Optional<Duration> from = at(events, FAILS, manner);
      Optional<Duration> until = at(events, MENDED, manner);
      if (from.isPresent() && until.isPresent()) {
        var phase = within(events, from.get(), until.get());
        removed += History.of(phase, Event.PodLeaving.class).count();
        removed += shrunk(within(events, Duration.ZERO, until.get()), phase);
        grown += History.of(phase, Event.PodMade.class).count() > 0 ? 1 : 0;
      }
    }
    book.figure("scale_downs", removed)
        .figure("fallbacks_from_zero", grown)
        .expect(removed == 0, removed + " scale-downs while the queue was unknown")
        .expect(
            grown == manners.size(),
            "the fallback made Pods %d times of %d".formatted(grown, manners.size()));
  }

  /** Sizes that became smaller after the pool knew that its queue is unknown. */
  private static long shrunk(List<Event> untilItsEnd, List<Event> phase) {
    Map<String, Long> sizes = new HashMap<>();
    long shrunk = 0;
    for (Event.Noted noted : noted(untilItsEnd, PoolWatch.DESIRED)) {
      boolean unknown =
          shown(phase, noted.subject()).filter(at -> at.compareTo(noted.at()) < 0).isPresent();
      Long before = sizes.put(noted.subject(), noted.value());
      shrunk += unknown && before != null && before > noted.value() ? 1 : 0;
    }
    return shrunk;
  }

  private static void told(List<Event> events, Findings.Book book) {
    Map<String, Duration> last = new HashMap<>();
    long repeated = 0;
    for (Event.Noted told : noted(events, TOLD)) {
      String text = told.subject();
      int loss = text.indexOf(LOSS);
      Duration before = last.put(loss < 0 ? text : text.substring(0, loss), told.at());
      repeated += before != null && told.at().minus(before).compareTo(QUIET) < 0 ? 1 : 0;
    }
    long losses = noted(events, TOLD).stream().filter(e -> e.subject().contains(LOSS)).count();
    book.figure("events", noted(events, TOLD).size())
        .figure("events_repeated", repeated)
        .expect(repeated == 0, repeated + " events were repeated within 5 min")
        .expect(losses >= POOLS.size(), "the loss was told %d times".formatted(losses));
  }

  private static Optional<Duration> at(List<Event> events, String what, String manner) {
    return noted(events, what).stream()
        .filter(e -> e.subject().equals(manner))
        .map(Event::at)
        .findFirst();
  }

  private static List<Event> within(List<Event> events, Duration from, Duration until) {
    return events.stream()
        .filter(e -> e.at().compareTo(from) >= 0 && e.at().compareTo(until) < 0)
        .toList();
  }

  private static List<Event.Noted> noted(List<Event> events, String what) {
    return History.of(events, Event.Noted.class).filter(e -> e.what().equals(what)).toList();
  }
}
