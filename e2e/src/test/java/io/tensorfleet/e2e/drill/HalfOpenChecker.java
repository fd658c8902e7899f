package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Judges how soon both sides noticed that nothing came through, and how they went on. */
record HalfOpenChecker() {
  static final String BUSY = "busy";
  static final String IDLE = "idle";
  static final List<String> WORKERS = List.of(BUSY, IDLE);
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  /** What reading the state of things takes. */
  private static final Duration READING = Duration.ofMillis(500);

  /** One connect in two seconds, and a few at once as it begins. */
  private static final int AT_ONCE = 5;

  private record Due(String worker, String what, Duration from, Duration limit) {}

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    Duration cut = at(events, "cut", "").orElse(Duration.ZERO);
    Duration mended = at(events, "mended", "").orElse(WorkerView.NEVER);
    for (String worker : WORKERS) {
      within(events, new Due(worker, "worker_noticed", cut, LIMIT), book);
      within(events, new Due(worker, "orchestrator_noticed", cut, LIMIT), book);
    }
    for (String worker : WORKERS) {
      within(events, new Due(worker, "recovered", mended, RECOVERY), book);
    }
    storm(events, mended.minus(cut), book);
    long completed =
        History.of(events, Event.Ended.class).filter(e -> e.state().equals("COMPLETED")).count();
    return book.figure("completed_afterwards", completed)
        .expect(completed > 0, "no task completed when the cut was over")
        .close();
  }

  private static void within(List<Event> events, Due due, Findings.Book book) {
    Duration at = at(events, due.what(), due.worker()).orElse(WorkerView.NEVER);
    Duration took = at.minus(due.from());
    book.figure(due.worker() + "_" + due.what() + "_ms", took.toMillis())
        .expect(
            took.compareTo(due.limit().plus(READING)) <= 0,
            "%s: %s after %d ms".formatted(due.worker(), due.what(), took.toMillis()));
  }

  private static void storm(List<Event> events, Duration length, Findings.Book book) {
    long connects =
        History.of(events, Event.Noted.class)
            .filter(e -> e.what().equals("connects"))
            .mapToLong(Event.Noted::value)
            .findFirst()
            .orElse(Long.MAX_VALUE);
    long most = WORKERS.size() * (AT_ONCE + length.toSeconds() / 2);
    book.figure("cut_ms", length.toMillis())
        .figure("connects", connects)
        .expect(
            connects <= most,
            "%d connects in %d s: at most %d are right"
                .formatted(connects, length.toSeconds(), most))
        .expect(connects > 0, "nobody tried to connect again");
  }

  private static Optional<Duration> at(List<Event> events, String what, String subject) {
    return History.of(events, Event.Noted.class)
        .filter(e -> e.what().equals(what) && e.subject().equals(subject))
        .map(Event.Noted::at)
        .findFirst();
  }
}
