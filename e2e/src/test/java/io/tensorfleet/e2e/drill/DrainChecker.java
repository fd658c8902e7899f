package io.tensorfleet.e2e.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Judges drains: one that was left its time, and one that was hastened by a second SIGTERM. */
record DrainChecker(int tasks, Duration grace) {
  static final String LEAVING = "leaving";
  static final String HASTENED = "hastened";
  private static final int STATUS = 143;
  private static final int MOST_INTERVALS = 2;

  /** A second SIGTERM leaves it this long to hand back. */
  private static final Duration HAND_BACK = Duration.ofSeconds(6);

  Findings check(List<Event> calm, List<Event> hastened) {
    var book = new Findings.Book();
    calmly(calm, book);
    hastened(hastened, book);
    return book.close();
  }

  private void calmly(List<Event> events, Findings.Book book) {
    var worker = new WorkerView(LEAVING, events);
    Duration term = worker.signalled("TERM", 0);
    var running = worker.leasedBefore(term);
    long runAgain = TaskView.runAgain(events);
    long anew = worker.leases().filter(l -> l.at().compareTo(term) > 0).count();
    long lost = TaskView.lost(events);
    book.figure("tasks", running.size())
        .figure("run_again", runAgain)
        .figure("taken_anew", anew)
        .figure("lost", lost)
        .expect(
            running.size() == tasks,
            "%d tasks ran at the SIGTERM, %d were wanted".formatted(running.size(), tasks))
        .expect(runAgain == 0, runAgain + " tasks were run again")
        .expect(anew == 0, anew + " tasks were taken anew after the SIGTERM")
        .expect(lost == 0, lost + " tasks did not complete")
        .expect(
            worker.accepted("COMPLETED").containsAll(running),
            "not every running task was completed by the worker that was leaving");
    beats(worker, running, book);
    exit(worker, term, book);
  }

  /** From the last heartbeat before the SIGTERM until nothing is held any more. */
  private static void beats(WorkerView worker, Set<Event.Token> running, Findings.Book book) {
    Duration term = worker.signalled("TERM", 0);
    Duration interval = worker.heartbeatInterval();
    Duration end = worker.lastJudged(running);
    var longest = longestGap(worker.beatsAround(term, end), end);
    book.figure("heartbeat_ms", interval.toMillis())
        .figure("longest_gap_ms", longest.toMillis())
        .expect(
            interval.isPositive() && longest.compareTo(interval.multipliedBy(MOST_INTERVALS)) <= 0,
            "heartbeats were %d ms apart, the interval is %d ms"
                .formatted(longest.toMillis(), interval.toMillis()));
  }

  private static Duration longestGap(List<Duration> beats, Duration end) {
    var moments = new ArrayList<>(beats);
    moments.add(end);
    Duration longest = beats.isEmpty() ? Duration.ofDays(1) : Duration.ZERO;
    for (int i = 1; i < moments.size(); i++) {
      Duration gap = moments.get(i).minus(moments.get(i - 1));
      longest = gap.compareTo(longest) > 0 ? gap : longest;
    }
    return longest;
  }

  private void exit(WorkerView worker, Duration term, Findings.Book book) {
    worker
        .exit()
        .ifPresentOrElse(
            exit -> {
              Duration took = exit.at().minus(term);
              book.figure("exit", exit.status())
                  .figure("exit_after_ms", took.toMillis())
                  .expect(exit.status() == STATUS, "it exited with " + exit.status())
                  .expect(
                      took.compareTo(grace) < 0,
                      "it left after %d ms, past its grace".formatted(took.toMillis()));
            },
            () -> book.expect(false, "it did not exit"));
  }

  private void hastened(List<Event> events, Findings.Book book) {
    var worker = new WorkerView(HASTENED, events);
    Duration second = worker.signalled("TERM", 1);
    var running = worker.leasedBefore(second);
    long lost = TaskView.lost(events);
    book.figure("hastened_returned", worker.returned().size())
        .expect(
            worker.returned().equals(running) && running.size() == tasks,
            "hastened, it handed back %d of %d tasks".formatted(worker.returned().size(), tasks))
        .expect(lost == 0, lost + " tasks that it handed back did not complete elsewhere");
    var exit = worker.exit().map(e -> e.at().minus(second)).orElse(Duration.ofDays(1));
    int status = worker.exit().map(Event.Exited::status).orElse(-1);
    book.figure("hastened_exit_ms", exit.toMillis())
        .expect(status == STATUS, "hastened, it exited with " + status)
        .expect(
            exit.compareTo(HAND_BACK) <= 0, "hastened, it left after " + exit.toMillis() + " ms");
  }
}
