package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose turn it is where each job is asked about at an interval, one call a job at a time. Times
 * are nanoseconds of one monotonic clock. Not thread-safe.
 */
public final class JobTurns {
  private final long interval;
  private final Map<String, Turn> turns = new HashMap<>();

  private record Turn(long begunAt, boolean open) {}

  public JobTurns(Duration interval) {
    this.interval = interval.toNanos();
  }

  /** The jobs whose calls are to begin now; jobs that are not wanted any more are forgotten. */
  public List<String> take(Collection<String> wanted, long now) {
    turns.entrySet().removeIf(e -> !e.getValue().open() && !wanted.contains(e.getKey()));
    List<String> due = new ArrayList<>();
    for (String job : wanted) {
      Turn last = turns.get(job);
      if (last == null || (!last.open() && now - last.begunAt() >= interval)) {
        turns.put(job, new Turn(now, true));
        due.add(job);
      }
    }
    return due;
  }

  /** The call about a job has come back. */
  public void back(String job) {
    turns.computeIfPresent(job, (_, turn) -> new Turn(turn.begunAt(), false));
  }

  public int size() {
    return turns.size();
  }
}
