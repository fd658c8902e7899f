package io.tensorfleet.operator.policy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What one decision hands to the next; opaque to the runtime, which keeps it per pool and gives it
 * back. Losing it is safe: the pool then shrinks one window later.
 *
 * @param size the size decided last; empty for a pool that has never been decided on
 * @param wishes the sizes wanted, oldest first, as far back as the longest window
 * @param events changes of the size, oldest first, as far back as the longest policy period
 * @param breakers by revision, where Pods could not start
 * @param rollout how far the newest revision has come
 */
public record Memory(
    OptionalInt size,
    List<Wish> wishes,
    List<ScaleEvent> events,
    Map<String, Breaker> breakers,
    Rollout rollout) {

  /** From {@code from} until the next wish, the sizes wanted lay between low and high. */
  public record Wish(Instant from, int low, int high) {}

  /** The size changed by {@code change} (negative: it shrank). */
  public record ScaleEvent(Instant at, int change) {}

  /** Pods of one revision that were replaced because they could not start. */
  public record Breaker(int replaced, Instant lastAt) {}

  public Memory {
    wishes = List.copyOf(wishes);
    events = List.copyOf(events);
    breakers = Map.copyOf(breakers);
  }

  /** Of a pool that nobody has decided on yet. */
  public static Memory none() {
    return new Memory(OptionalInt.empty(), List.of(), List.of(), Map.of(), Rollout.none());
  }

  /** After a restart of the operator: status.desiredReplicas. */
  public static Memory restored(int desiredReplicas) {
    return new Memory(
        OptionalInt.of(desiredReplicas), List.of(), List.of(), Map.of(), Rollout.none());
  }

  /** The same with what is known of the revisions. */
  public Memory with(Rollout known) {
    return new Memory(size, wishes, events, breakers, known);
  }

  /** The same with these breakers: status.replacements. */
  public Memory withBreakers(Map<String, Breaker> restored) {
    return new Memory(size, wishes, events, restored, rollout);
  }
}
