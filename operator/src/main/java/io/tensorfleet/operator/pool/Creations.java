package io.tensorfleet.operator.pool;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How a pool's creations go.
 *
 * @param refused the refusal that still stands
 * @param foreign names that belong to somebody else's Pods
 */
record Creations(Optional<Refused> refused, Set<String> foreign) {
  private static final int MOST_FOREIGN = 1_000;

  /**
   * @param inARow refusals since the last success
   * @param until no Pod is created before
   * @param revision of the Pod that was refused
   * @param there Pods of the pool that there were then
   */
  record Refused(Refusal why, int inARow, Instant until, String revision, int there) {}

  Creations {
    foreign = Set.copyOf(foreign);
  }

  static Creations unhindered() {
    return new Creations(Optional.empty(), Set.of());
  }

  /** Whether creations pause now: not for another revision, nor when a Pod has gone meanwhile. */
  boolean pause(Observation seen) {
    return refused
        .filter(r -> seen.now().isBefore(r.until()))
        .filter(r -> r.revision().equals(seen.revision()))
        .filter(r -> seen.pods().size() >= r.there())
        .isPresent();
  }

  /** After a plan was carried out that wanted {@code wanted} Pods more. */
  Creations after(Observation seen, Applied applied, int wanted) {
    Set<String> names = new HashSet<>(foreign);
    applied.foreign().stream().limit(MOST_FOREIGN - (long) names.size()).forEach(names::add);
    if (applied.createFailure().isPresent()) {
      return new Creations(
          Optional.of(refused(applied.createFailure().get(), seen, applied)), names);
    }
    boolean cleared = wanted == 0 || !applied.created().isEmpty();
    return new Creations(cleared ? Optional.empty() : refused, names);
  }

  private Refused refused(Refusal why, Observation seen, Applied applied) {
    int made = applied.created().size();
    int inARow = made > 0 ? 1 : refused.map(Refused::inARow).orElse(0) + 1;
    return new Refused(
        why,
        inARow,
        seen.now().plus(why.pause(inARow)),
        seen.revision(),
        seen.pods().size() + made);
  }
}
