package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Judges how tasks that did not fit the grace went on elsewhere. Each had but one try. */
record DrainOverrunChecker(int tasks) {
  static final String LEAVING = "leaving";
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int STATUS = 143;

  Findings check(List<Event> events) {
    var book = new Findings.Book();
    var returns =
        History.of(events, Event.Returned.class).filter(e -> e.worker().equals(LEAVING)).toList();
    long lost = TaskView.lost(events);
    book.figure("tasks", tasks)
        .figure("handed_back", returns.size())
        .figure("with_checkpoint", returns.stream().filter(Event.Returned::checkpoint).count())
        .figure("lost", lost)
        .expect(
            returns.size() == tasks,
            "%d of %d tasks were handed back".formatted(returns.size(), tasks))
        .expect(lost == 0, lost + " tasks did not complete: a hand-back counted as their only try");
    resumed(events, returns, book);
    int status = new WorkerView(LEAVING, events).exit().map(Event.Exited::status).orElse(-1);
    book.figure("exit", status).expect(status == STATUS, "it exited with " + status);
    return book.close();
  }

  private static void resumed(
      List<Event> events, List<Event.Returned> returns, Findings.Book book) {
    Duration worst = Duration.ZERO;
    for (Event.Returned returned : returns) {
      String task = returned.token().task();
      book.expect(
          returned.checkpoint() && returned.epochsDone() > 0,
          "task %s was handed back at epoch %d without a checkpoint"
              .formatted(task, returned.epochsDone()));
      Optional<Event.Leased> next = nextLease(events, returned);
      Duration took = next.map(l -> l.at().minus(returned.at())).orElse(WorkerView.NEVER);
      book.expect(
          took.compareTo(LIMIT) <= 0,
          "task %s was elsewhere after %d ms".formatted(task, took.toMillis()));
      next.ifPresent(lease -> fromTheCheckpoint(events, returned, lease, book));
      worst = took.compareTo(worst) > 0 ? took : worst;
    }
    book.figure("elsewhere_worst_ms", worst.toMillis());
  }

  private static Optional<Event.Leased> nextLease(List<Event> events, Event.Returned returned) {
    return History.of(events, Event.Leased.class)
        .filter(
            l ->
                l.token().task().equals(returned.token().task())
                    && l.token().fence() > returned.token().fence()
                    && !l.worker().equals(LEAVING))
        .findFirst();
  }

  private static void fromTheCheckpoint(
      List<Event> events, Event.Returned returned, Event.Leased lease, Findings.Book book) {
    String task = lease.token().task();
    book.expect(
        lease.resumeEpoch() == returned.epochsDone(),
        "task %s was handed back at epoch %d and leased to resume at %d"
            .formatted(task, returned.epochsDone(), lease.resumeEpoch()));
    int first =
        History.of(events, Event.Progressed.class)
            .filter(p -> p.token().equals(lease.token()))
            .mapToInt(Event.Progressed::epochsDone)
            .min()
            .orElse(0);
    book.expect(
        first > lease.resumeEpoch(),
        "task %s began at epoch %d, its checkpoint is of %d"
            .formatted(task, first, lease.resumeEpoch()));
  }
}
