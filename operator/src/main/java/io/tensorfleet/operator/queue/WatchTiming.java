package io.tensorfleet.operator.queue;

import java.time.Duration;

/**
 * How patient a watch is.
 *
 * @param silence the longest time without a snapshot; the orchestrator sends one each 10 s
 * @param firstBackoff the longest pause before the first attempt to connect anew
 * @param lastBackoff the longest pause before any attempt
 * @param joining how long further queues are waited for before the stream is opened anew
 */
public record WatchTiming(
    Duration silence, Duration firstBackoff, Duration lastBackoff, Duration joining) {

  public static WatchTiming usual() {
    return new WatchTiming(
        Duration.ofSeconds(15),
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        Duration.ofMillis(20));
  }

  /** The longest pause after so many failures in a row, from 1. */
  Duration backoff(int failures) {
    long millis = firstBackoff.toMillis() << Math.min(failures - 1, 20);
    return Duration.ofMillis(Math.min(millis, lastBackoff.toMillis()));
  }
}
