package io.tensorfleet.e2e.drill;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges how an operator behaved towards Pods that cannot start, or cannot even be made. */
record QuotaChecker(int seconds) {
  /** Refusals that a pool may meet at once, before it knows. */
  private static final int FIRST_REFUSALS = 40;

  /** After these, one attempt in this time. */
  private static final int SECONDS_AN_ATTEMPT = 5;

  /** Pods of a revision that may be replaced at once, and then one in this time. */
  private static final int FREE = 3;

  private static final int SECONDS_A_REPLACEMENT = 30;

  /** Status writes and events of one pool: its growth, then next to nothing. */
  private static final int FEW_WRITES = 40;

  private static final int MOST_MILLIS = 60_000;

  /**
   * A pool, as the API server and its audit log tell of it.
   *
   * @param size the size that its queue asks for
   * @param made creations of Pods that were accepted, and those that were refused
   * @param writes of its status
   */
  record Pool(String name, int size, int made, int refused, int writes) {}

  /** What a pool must say, in which condition. */
  record Wanted(String condition, String reason, List<String> words) {
    Wanted {
      words = List.copyOf(words);
    }
  }

  /** A condition as it was at the end. */
  record Said(String type, String status, String reason, String message) {}

  /**
   * What was seen.
   *
   * @param said conditions by pool
   * @param events texts of the events about a pool, as they came
   * @param millis how long a thing took, or none where it did not happen
   */
  record Seen(
      List<Pool> pools,
      Map<String, List<Said>> said,
      Map<String, List<String>> events,
      Map<String, Optional<Long>> millis) {
    Seen {
      pools = List.copyOf(pools);
      said = Map.copyOf(said);
      events = Map.copyOf(events);
      millis = Map.copyOf(millis);
    }
  }

  Findings check(Map<String, Wanted> wanted, Seen seen) {
    var book = new Findings.Book().figure("seconds", seconds).figure("pools", seen.pools().size());
    book.figure("refused", seen.pools().stream().mapToInt(Pool::refused).sum());
    book.figure(
        "most_refused_a_pool", seen.pools().stream().mapToInt(Pool::refused).max().orElse(0));
    book.figure(
        "replaced", seen.pools().stream().mapToInt(p -> Math.max(0, p.made() - p.size())).sum());
    book.figure("most_writes_a_pool", seen.pools().stream().mapToInt(Pool::writes).max().orElse(0));
    book.expect(
        seen.pools().stream().anyMatch(p -> p.refused() > 0), "no Pod was refused: nothing tried");
    seen.pools().forEach(pool -> noHotLoop(pool, book));
    wanted.forEach((pool, words) -> named(pool, words, seen, book));
    seen.events().forEach((pool, texts) -> notRepeated(pool, texts, book));
    seen.millis().forEach((what, took) -> soon(what, took, book));
    return book.close();
  }

  private void noHotLoop(Pool pool, Findings.Book book) {
    int refusals = FIRST_REFUSALS + seconds / SECONDS_AN_ATTEMPT;
    int made = pool.size() + FREE + 1 + seconds / SECONDS_A_REPLACEMENT;
    int writes = FEW_WRITES + seconds / SECONDS_AN_ATTEMPT;
    book.expect(
            pool.refused() <= refusals,
            "%s: %d creations refused in %d s, at most %d are few"
                .formatted(pool.name(), pool.refused(), seconds, refusals))
        .expect(
            pool.made() <= made,
            "%s: %d Pods made for a size of %d, at most %d are few"
                .formatted(pool.name(), pool.made(), pool.size(), made))
        .expect(
            pool.writes() <= writes,
            "%s: %d writes of its status, at most %d are few"
                .formatted(pool.name(), pool.writes(), writes));
  }

  private static void named(String pool, Wanted wanted, Seen seen, Findings.Book book) {
    Optional<Said> said =
        seen.said().getOrDefault(pool, List.of()).stream()
            .filter(s -> s.type().equals(wanted.condition()))
            .findFirst();
    String is = said.map(s -> s.status() + " " + s.reason() + " " + s.message()).orElse("absent");
    boolean names =
        said.filter(s -> s.status().equals("True") && s.reason().equals(wanted.reason()))
            .filter(s -> wanted.words().stream().allMatch(s.message()::contains))
            .isPresent();
    book.expect(
        names,
        "%s: %s should be True %s and tell of %s; it is %s"
            .formatted(pool, wanted.condition(), wanted.reason(), wanted.words(), is));
  }

  private static void notRepeated(String pool, List<String> texts, Findings.Book book) {
    long again = texts.size() - texts.stream().distinct().count();
    book.expect(again == 0, "%s: %d events said what one had said before".formatted(pool, again));
  }

  private static void soon(String what, Optional<Long> took, Findings.Book book) {
    took.ifPresent(millis -> book.figure(what + "_ms", millis));
    book.expect(
        took.filter(millis -> millis <= MOST_MILLIS).isPresent(),
        "%s: %s".formatted(what, took.map(millis -> millis + " ms").orElse("never")));
  }
}
