package io.tensorfleet.operator.lead;

import java.time.Duration;

/**
 * How long a Lease holds and what follows from it.
 *
 * @param length after which another operator may take it
 * @param acting how long after a renewal was begun its holder acts
 * @param renewal pause between renewals
 * @param poll pause between looks of who does not hold it
 * @param answer how long one call about the Lease may take
 * @param serverTime how long the API server may work on a write: less than what lies between the
 *     end of acting and the end of the Lease
 */
public record LeaseTiming(
    Duration length,
    Duration acting,
    Duration renewal,
    Duration poll,
    Duration answer,
    Duration serverTime) {

  public static LeaseTiming of(Duration length) {
    return new LeaseTiming(
        length,
        length.multipliedBy(2).dividedBy(3),
        length.dividedBy(8),
        length.dividedBy(15),
        length.dividedBy(4),
        length.multipliedBy(4).dividedBy(15));
  }
}
