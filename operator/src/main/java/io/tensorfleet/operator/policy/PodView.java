package io.tensorfleet.operator.policy;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * A Pod of the pool, reduced to what the decision needs.
 *
 * @param name the Pod's name, which is the worker's id
 * @param uid the Pod's UID
 * @param incarnation the worker process that the orchestrator last saw under this name; empty when
 *     it knows none
 * @param revision label tensorfleet.io/revision
 * @param createdAt metadata.creationTimestamp
 * @param phase how far it is
 * @param busySlots leases that the orchestrator says it holds; empty when the queue is unknown, or
 *     the orchestrator does not know the worker (not connected yet)
 * @param cordoned the orchestrator gives it no more work
 */
public record PodView(
    String name,
    String uid,
    String incarnation,
    String revision,
    Instant createdAt,
    PodPhase phase,
    OptionalInt busySlots,
    boolean cordoned) {

  /** Holds a lease for certain. */
  public boolean busy() {
    return busySlots.orElse(0) > 0;
  }

  /** Never a busy one, and a ready one only when it is known to be idle. */
  boolean mayGo() {
    return phase instanceof PodPhase.Ready ? idle() : !busy();
  }

  /** Holds no lease for certain. */
  public boolean idle() {
    return busySlots.isPresent() && busySlots.getAsInt() == 0;
  }
}
