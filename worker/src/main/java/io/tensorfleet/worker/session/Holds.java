package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.LeaseToken;
import io.tensorfleet.worker.core.GoDuration;
import io.tensorfleet.worker.engine.Run;
import io.tensorfleet.worker.log.TaskContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long leased tasks have run here. One that has run for as long as it may goes back to the
 * queue with the next checkpoint that it makes: so nothing of its work is lost, and one that makes
 * none, which would begin anew each time and never end, stays. Used by the session's thread alone.
 */
final class Holds {
  private static final Logger LOG = LoggerFactory.getLogger(Holds.class);

  /** After a return no credit is granted: time for others to take the task, or to cordon. */
  private static final long REST_NANOS = Duration.ofSeconds(2).toNanos();

  private static final int NOT_ASKED = -1;

  private final Optional<Duration> longest;
  private final Map<LeaseToken, Hold> holds = new HashMap<>();
  private Optional<Long> restsUntil = Optional.empty();

  /**
   * @param asked epochs done when it was asked to go, or {@link #NOT_ASKED}
   */
  private record Hold(Run run, long begun, int asked) {}

  /**
   * @param longest how long a task may run here; empty: without end
   */
  Holds(Optional<Duration> longest) {
    this.longest = longest;
  }

  void began(LeaseToken token, Run run, long now) {
    holds.put(token, new Hold(run, now, NOT_ASKED));
  }

  void ended(LeaseToken token, Run run) {
    holds.computeIfPresent(token, (_, hold) -> hold.run() == run ? null : hold);
  }

  /** Those that go back to the queue now. */
  List<LeaseToken> due(long now) {
    List<LeaseToken> due = new ArrayList<>();
    longest.ifPresent(
        time -> {
          holds.replaceAll(
              (_, hold) -> now - hold.begun() >= time.toNanos() ? asked(hold, time) : hold);
          holds.forEach(
              (token, hold) -> {
                if (hold.asked() != NOT_ASKED && hasGoneOn(hold)) {
                  due.add(token);
                }
              });
        });
    if (!due.isEmpty()) {
      restsUntil = Optional.of(now + REST_NANOS);
    }
    return due;
  }

  /** Why they go. */
  String reason() {
    return "it has run for %s on this worker (HAND_BACK_AFTER)"
        .formatted(longest.map(GoDuration::format).orElse(""));
  }

  /** Whether the worker leaves what waits to others for a moment. */
  boolean rests(long now) {
    return restsUntil.filter(until -> now - until < 0).isPresent();
  }

  private static Hold asked(Hold hold, Duration time) {
    if (hold.asked() != NOT_ASKED) {
      return hold;
    }
    try (TaskContext _ = TaskContext.of(hold.run().task())) {
      LOG.info(
          "has run for {}: goes back to the queue with its next checkpoint",
          GoDuration.format(time));
    }
    return new Hold(hold.run(), hold.begun(), hold.run().epochsDone());
  }

  private static boolean hasGoneOn(Hold hold) {
    Run run = hold.run();
    return run.epochsDone() > hold.asked() && run.checkpoint().isPresent() && !run.isComplete();
  }
}
