package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges how soon tasks stopped: from the user's cancel, or from the end of the time that they were
 * given, to the worker's report; and that nothing of them was left.
 *
 * @param good tasks submitted last, which must complete
 */
record CancelTimeoutChecker(String worker, int good) {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration IGNORING = Duration.ofSeconds(5);

  /** A task that had to stop: from when, and how that is told. */
  private record Stop(String task, Duration due, String outcome) {}

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    Set<String> ignoring = notes(events, "ignores").keySet();
    var cancels = cancels(events);
    var timeouts = timeouts(events);
    stops(events, cancels, ignoring, "cancel", book);
    stops(events, timeouts, ignoring, "timeout", book);
    released(events, Stream.concat(cancels.stream(), timeouts.stream()).toList(), ignoring, book);
    afterwards(events, cancels, timeouts, book);
    return book.close();
  }

  private static List<Stop> cancels(List<Event> events) {
    return History.of(events, Event.CancelAsked.class)
        .map(e -> new Stop(e.task(), e.at(), "CANCELLED"))
        .toList();
  }

  private static List<Stop> timeouts(List<Event> events) {
    Map<String, Long> given = notes(events, "run_timeout");
    List<Stop> stops = new ArrayList<>();
    for (var lease : History.of(events, Event.Leased.class).toList()) {
      Long millis = given.get(lease.token().task());
      if (millis != null) {
        stops.add(new Stop(lease.token().task(), lease.at().plusMillis(millis), "TIMED_OUT"));
      }
    }
    return stops;
  }

  private static Map<String, Long> notes(List<Event> events, String what) {
    return History.of(events, Event.Noted.class)
        .filter(e -> e.what().equals(what))
        .collect(Collectors.toMap(Event.Noted::subject, Event.Noted::value, (_, later) -> later));
  }

  private static void stops(
      List<Event> events, List<Stop> stops, Set<String> ignoring, String name, Findings.Book book) {
    Duration worst = Duration.ZERO;
    Duration worstIgnoring = Duration.ZERO;
    for (Stop stop : stops) {
      boolean ignores = ignoring.contains(stop.task());
      Duration took = took(events, stop, ignores, book);
      Duration limit = ignores ? IGNORING : LIMIT;
      book.expect(
          took.compareTo(limit) <= 0,
          "%s: task %s stopped after %d ms".formatted(name, stop.task(), took.toMillis()));
      worst = ignores ? worst : max(worst, took);
      worstIgnoring = ignores ? max(worstIgnoring, took) : worstIgnoring;
    }
    book.figure(name + "s", stops.size()).figure(name + "_worst_ms", worst.toMillis());
    if (!ignoring.isEmpty()) {
      book.figure(name + "_ignored_worst_ms", worstIgnoring.toMillis());
    }
  }

  /** When the worker said that nothing ran any more, of those that ignored it. */
  private static void released(
      List<Event> events, List<Stop> stops, Set<String> ignoring, Findings.Book book) {
    if (ignoring.isEmpty()) {
      return;
    }
    long millis =
        stops.stream()
            .filter(stop -> ignoring.contains(stop.task()))
            .mapToLong(stop -> released(events, stop).toMillis())
            .max()
            .orElse(0);
    book.figure("ignored_slots_free_ms", millis)
        .expect(
            millis <= IGNORING.toMillis(),
            "the slots of tasks that ignored it were free after %d ms".formatted(millis));
  }

  private static Duration released(List<Event> events, Stop stop) {
    return History.of(events, Event.Noted.class)
        .filter(e -> e.what().equals("released") && e.at().compareTo(stop.due()) >= 0)
        .map(e -> e.at().minus(stop.due()))
        .findFirst()
        .orElse(WorkerView.NEVER);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Map<String, Event.Reported> reports(List<Event> events) {
    return History.of(events, Event.Reported.class)
        .collect(Collectors.toMap(e -> e.token().task(), Function.identity(), (first, _) -> first));
  }

  /**
   * Until the worker told the end; or, where it was told that the lease is lost and so owes no
   * report, until a heartbeat named the task no more. One that ignores it may run on after its
   * lease is gone: there the worker must have said that nothing runs any more.
   */
  private static Duration took(List<Event> events, Stop stop, boolean ignores, Findings.Book book) {
    Event.Reported report = reports(events).get(stop.task());
    if (report == null && ignores) {
      return released(events, stop);
    }
    if (report == null) {
      return letGo(events, stop).map(at -> at.minus(stop.due())).orElse(WorkerView.NEVER);
    }
    book.expect(
        report.outcome().equals(stop.outcome()),
        "task %s was told as %s, not as %s"
            .formatted(stop.task(), report.outcome(), stop.outcome()));
    return report.at().minus(stop.due());
  }

  private static Optional<Duration> letGo(List<Event> events, Stop stop) {
    Optional<Duration> lost =
        History.of(events, Event.LeaseLost.class)
            .filter(e -> e.token().task().equals(stop.task()))
            .map(Event.LeaseLost::at)
            .findFirst();
    return lost.flatMap(
        from ->
            History.of(events, Event.Beat.class)
                .filter(e -> e.at().compareTo(from) > 0)
                .filter(e -> e.held().stream().noneMatch(t -> t.task().equals(stop.task())))
                .map(Event.Beat::at)
                .findFirst());
  }

  private void afterwards(
      List<Event> events, List<Stop> cancels, List<Stop> timeouts, Findings.Book book) {
    Map<String, String> ends = new HashMap<>();
    History.of(events, Event.Ended.class).forEach(e -> ends.put(e.task(), e.state()));
    cancels.forEach(stop -> expectEnd(stop.task(), "CANCELLED", ends, book));
    timeouts.forEach(stop -> expectEnd(stop.task(), "FAILED", ends, book));
    long completed = ends.values().stream().filter("COMPLETED"::equals).count();
    long active = notes(events, "active").getOrDefault(worker, -1L);
    long children = notes(events, "children").getOrDefault(worker, -1L);
    long after = talkAfterEnd(events);
    book.figure("completed_afterwards", completed)
        .figure("children_left", children)
        .expect(completed == good, "%d of %d tasks completed afterwards".formatted(completed, good))
        .expect(active == 0, "the worker still tells %d running tasks".formatted(active))
        .expect(children == 0, children + " child processes are left")
        .expect(after == 0, "progress was told %d times after the end".formatted(after));
  }

  private static void expectEnd(
      String task, String wanted, Map<String, String> ends, Findings.Book book) {
    String state = ends.getOrDefault(task, "UNKNOWN");
    book.expect(state.equals(wanted), "task %s is %s, not %s".formatted(task, state, wanted));
  }

  /** Progress beyond what was under way when the end was told. */
  private static long talkAfterEnd(List<Event> events) {
    var reports = reports(events);
    return History.of(events, Event.Progressed.class)
        .filter(
            e ->
                Optional.ofNullable(reports.get(e.token().task()))
                    .filter(report -> e.at().compareTo(report.at()) > 0)
                    .isPresent())
        .count();
  }
}
