package io.tensorfleet.e2e.drill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Judges what bad WorkerPools did to an operator and to the pools beside them. */
record BadPoolsChecker(BadInputChecker answers) {
  /** A pool that cannot be helped is tried again once in 30 s at last; a hot loop is far above. */
  private static final double MOST_WRITES_A_MINUTE = 600;

  /**
   * What is left of the operator.
   *
   * @param works whether another pool grew afterwards
   * @param neighbourKept whether another pool's Pods were the same all the while
   * @param traces lines of stack traces in its log
   * @param writesAMinute to the API server, when nothing changes any more
   */
  record Afterwards(
      boolean alive, boolean works, boolean neighbourKept, long traces, double writesAMinute) {}

  Findings check(List<Reply> replies, Afterwards after) {
    Findings answered =
        answers.check(replies, new BadInputChecker.Afterwards(after.alive(), after.works()));
    var book = new Findings.Book();
    book.figure("neighbour_kept", after.neighbourKept())
        .figure("stack_trace_lines", after.traces())
        .figure("writes_a_minute", Math.round(after.writesAMinute()))
        .expect(after.neighbourKept(), "another pool's Pods were replaced")
        .expect(after.traces() == 0, "the log has " + after.traces() + " lines of stack traces")
        .expect(
            after.writesAMinute() <= MOST_WRITES_A_MINUTE,
            "the operator writes %.0f times a minute though nothing changes"
                .formatted(after.writesAMinute()));
    Findings own = book.close();
    var figures = new LinkedHashMap<>(answered.figures());
    figures.putAll(own.figures());
    var faults = new ArrayList<>(answered.faults());
    faults.addAll(own.faults());
    return new Findings(figures, faults);
  }
}
