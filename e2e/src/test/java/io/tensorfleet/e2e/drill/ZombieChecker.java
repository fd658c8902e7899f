package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a worker that slept past its leases: nothing that it says under an old lease may count,
 * and it must let go of it by itself.
 */
record ZombieChecker(int rounds) {
  static final String ZOMBIE = "zombie";

  /** How long after it goes on it may still speak of what it has lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    Map<Event.Token, Duration> lostAt = takenOver(events);
    stops(events, lostAt, book);
    stale(events, lostAt, book);
    letGo(events, lostAt, book);
    long lost = TaskView.lost(events);
    long twice = TaskView.acceptedTwice(events);
    long after = completedAfterwards(events);
    return book.figure("accepted_twice", twice)
        .figure("lost", lost)
        .expect(twice == 0, twice + " completions were accepted twice")
        .expect(lost == 0, lost + " tasks did not complete")
        .expect(after > 0, "the worker completed nothing after the last round")
        .close();
  }

  /** The zombie's leases that another one followed, and when. */
  private static Map<Event.Token, Duration> takenOver(List<Event> events) {
    Map<Event.Token, Duration> lostAt = new HashMap<>();
    var leases = History.of(events, Event.Leased.class).toList();
    for (Event.Leased old : leases) {
      leases.stream()
          .filter(
              next ->
                  old.worker().equals(ZOMBIE)
                      && next.token().task().equals(old.token().task())
                      && next.token().fence() > old.token().fence())
          .findFirst()
          .ifPresent(next -> lostAt.put(old.token(), next.at()));
    }
    return lostAt;
  }

  private void stops(List<Event> events, Map<Event.Token, Duration> lostAt, Findings.Book book) {
    long stops =
        History.of(events, Event.Signalled.class).filter(e -> e.signal().equals("STOP")).count();
    book.figure("stops", stops)
        .figure("leases_taken_over", lostAt.size())
        .expect(stops >= rounds, "%d of %d stops".formatted(stops, rounds))
        .expect(
            lostAt.size() >= rounds,
            "only %d leases were taken over: nothing was tried".formatted(lostAt.size()));
  }

  private static void stale(
      List<Event> events, Map<Event.Token, Duration> lostAt, Findings.Book book) {
    Set<Event.Token> told = new HashSet<>();
    History.of(events, Event.Reported.class)
        .filter(e -> isLate(lostAt, e.token(), e.at()))
        .forEach(e -> told.add(e.token()));
    long progress =
        History.of(events, Event.Progressed.class)
            .filter(e -> isLate(lostAt, e.token(), e.at()))
            .count();
    long accepted =
        History.of(events, Event.Judged.class)
            .filter(e -> e.accepted() && isLate(lostAt, e.token(), e.at()))
            .count();
    long logged = loggedLate(events, lostAt);
    book.figure("stale_completions_told", told.size())
        .figure("stale_completions_accepted", accepted)
        .figure("stale_progress_told", progress)
        .figure("stale_progress_accepted", logged)
        .expect(!told.isEmpty() && progress > 0, "nothing stale was told: nothing was tried")
        .expect(accepted == 0, accepted + " stale completions were accepted")
        .expect(logged == 0, logged + " stale reports of progress were accepted");
  }

  private static boolean isLate(Map<Event.Token, Duration> lostAt, Event.Token token, Duration at) {
    return at.compareTo(lostAt.getOrDefault(token, WorkerView.NEVER)) > 0;
  }

  /** Progress brings log lines: of an attempt that is over none may come any more. */
  private static long loggedLate(List<Event> events, Map<Event.Token, Duration> lostAt) {
    return History.of(events, Event.Logged.class)
        .filter(
            line ->
                lostAt.entrySet().stream()
                    .anyMatch(
                        lost ->
                            lost.getKey().task().equals(line.task())
                                && lost.getKey().attempt() == line.attempt()
                                && line.at().compareTo(lost.getValue()) > 0))
        .count();
  }

  private static void letGo(
      List<Event> events, Map<Event.Token, Duration> lostAt, Findings.Book book) {
    var resumed =
        History.of(events, Event.Signalled.class)
            .filter(e -> e.signal().equals("CONT"))
            .map(Event.Signalled::at)
            .toList();
    long held =
        History.of(events, Event.Beat.class)
            .filter(e -> e.worker().equals(ZOMBIE))
            .flatMap(e -> e.held().stream().filter(token -> isPast(lostAt, token, e.at(), resumed)))
            .count();
    long spoken =
        History.of(events, Event.Progressed.class)
            .filter(e -> isPast(lostAt, e.token(), e.at(), resumed))
            .count();
    book.expect(held == 0, held + " heartbeats named leases that were long lost")
        .expect(spoken == 0, "lost tasks told progress %d times, long after".formatted(spoken));
  }

  /** Whether the lease was lost before the worker last went on, and that is some time ago. */
  private static boolean isPast(
      Map<Event.Token, Duration> lostAt, Event.Token token, Duration at, List<Duration> resumed) {
    Duration lost = lostAt.getOrDefault(token, WorkerView.NEVER);
    return resumed.stream()
        .filter(cont -> cont.compareTo(lost) >= 0)
        .findFirst()
        .filter(cont -> at.compareTo(cont.plus(PATIENCE)) > 0)
        .isPresent();
  }

  private static long completedAfterwards(List<Event> events) {
    Duration last =
        History.of(events, Event.Signalled.class)
            .map(Event.Signalled::at)
            .max(Duration::compareTo)
            .orElse(WorkerView.NEVER);
    var worker = new WorkerView(ZOMBIE, events);
    Set<Event.Token> completed = worker.accepted("COMPLETED");
    return worker
        .leases()
        .filter(l -> l.at().compareTo(last) > 0 && completed.contains(l.token()))
        .count();
  }
}
