package io.tensorfleet.operator.pool;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the operator has begun on Pods that are there, and has to end. All of it may be lost.
 *
 * @param cordons left behind by removals that did not come through, by the UIDs of the Pods
 * @param marks of busy workers
 */
record Upkeep(Map<String, OwnCordon> cordons, BusyMarks marks) {
  Upkeep {
    cordons = Map.copyOf(cordons);
  }

  static Upkeep none() {
    return new Upkeep(Map.of(), BusyMarks.none());
  }

  /** After these cordons, of the Pods that are there. */
  Upkeep cordoned(Map<String, OwnCordon> next, Set<String> uids, Instant now) {
    Map<String, OwnCordon> open = new HashMap<>(next);
    open.keySet().retainAll(uids);
    open.values().removeIf(cordon -> cordon.isOver(now));
    return new Upkeep(open, marks);
  }

  Upkeep marked(BusyMarks next) {
    return new Upkeep(cordons, next);
  }
}
