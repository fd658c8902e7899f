package io.tensorfleet.orchestrator.core;

import java.time.Duration;

/**
 * Whether an ended lease says something about its worker. After a start, and after a time in which
 * the database did not answer, no worker could renew: for the length of one lease nobody counts as
 * dead for that.
 *
 * @param leaseNanos length of a lease
 * @param sweptAt when the database answered last, by a clock of nanoseconds
 * @param holdsUntil by the same clock
 */
public record Grace(long leaseNanos, long sweptAt, long holdsUntil) {
  private static final long SHORTEST_GAP = Duration.ofSeconds(2).toNanos();

  /** From a start on. */
  public static Grace from(Duration lease, long now) {
    return new Grace(lease.toNanos(), now, now + lease.toNanos());
  }

  /** The database has answered. */
  public Grace swept(long now) {
    boolean away = now - sweptAt > Math.max(SHORTEST_GAP, leaseNanos / 2);
    return new Grace(leaseNanos, now, away ? now + leaseNanos : holdsUntil);
  }

  public boolean holds(long now) {
    return now - holdsUntil < 0;
  }
}
