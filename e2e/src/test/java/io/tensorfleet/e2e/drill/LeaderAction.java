package io.tensorfleet.e2e.drill;

import java.time.Instant;

/**
 * What the drill did to the operator that led.
 *
 * @param operator its id
 */
record LeaderAction(Kind kind, String operator, Instant time) {
  enum Kind {
    KILL,
    STOP,
    CONT,
    TERM
  }
}
