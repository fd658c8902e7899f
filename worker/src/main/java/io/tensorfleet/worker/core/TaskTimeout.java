package io.tensorfleet.worker.core;

import java.time.Duration;
import java.util.Optional;

/**
 * The longest run of one task.
 *
 * @param explicit whether a person set it: then it is a ceiling, else only what holds where a lease
 *     names nothing
 */
public record TaskTimeout(Duration value, boolean explicit) {

  public Duration effective(Optional<Duration> lease) {
    Duration asked = lease.filter(Duration::isPositive).orElse(value);
    return explicit && value.compareTo(asked) < 0 ? value : asked;
  }
}
