package io.tensorfleet.operator.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What people have not been told yet, because the API server did not take the status: events follow
 * the status that they belong to, so that no crash in between makes them be told again.
 *
 * @param news to be told once the status is written
 * @param failures writes of the status that failed in a row; 0 when all is written
 * @param retryAt when the next is due
 */
record Backlog(List<Announcement> news, int failures, Instant retryAt) {
  private static final long LONGEST_PAUSE_SECONDS = 10;

  Backlog {
    news = List.copyOf(news);
  }

  static Backlog none() {
    return new Backlog(List.of(), 0, Instant.EPOCH);
  }

  boolean isEmpty() {
    return failures == 0;
  }

  /** How long to wait before the next write; negative when it is due. */
  Duration pause(Instant now) {
    return Duration.between(now, retryAt);
  }

  List<Announcement> with(List<Announcement> more) {
    List<Announcement> all = new ArrayList<>(news);
    all.addAll(more);
    return all;
  }

  Backlog holding(List<Announcement> all) {
    return new Backlog(all, failures, retryAt);
  }

  /** After another write failed; pauses double from 1 s to 10 s. */
  Backlog failed(List<Announcement> all, Instant now) {
    long pause = Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(failures, 10));
    return new Backlog(all, failures + 1, now.plusSeconds(pause));
  }
}
