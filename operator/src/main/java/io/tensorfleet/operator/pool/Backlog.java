package io.tensorfleet.operator.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What people have not been told yet, because the API server did not take the status: events follow
 * the status that they belong to, so that no crash in between makes them be told again.
 *
 * @param news to be told once the status is written: the newest of each subject, and only the
 *     newest of these when the API server takes nothing for long
 * @param failures writes of the status that failed in a row; 0 when all is written
 * @param retryAt when the next is due
 */
record Backlog(List<Announcement> news, int failures, Instant retryAt) {
  static final int MOST_NEWS = 50;

  private static final long LONGEST_PAUSE_SECONDS = 10;

  Backlog {
    news = newest(news);
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

  private static List<Announcement> newest(List<Announcement> all) {
    SequencedMap<String, Announcement> last = new LinkedHashMap<>();
    all.forEach(each -> last.putLast(each.subject(), each));
    return last.values().stream().skip(Math.max(0, last.size() - MOST_NEWS)).toList();
  }
}
