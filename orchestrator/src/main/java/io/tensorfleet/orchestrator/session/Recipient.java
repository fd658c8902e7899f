package io.tensorfleet.orchestrator.session;

import io.tensorfleet.orchestrator.core.Offer;
import io.tensorfleet.orchestrator.store.ClaimStore.Claimed;
import io.tensorfleet.orchestrator.store.ClaimStore.Target;
import java.util.List;
import java.util.Optional;

/**
 * Someone whom tasks can be given to: a worker's stream, or a call of the old wire that waits for
 * one task.
 */
public interface Recipient {

  Target target();

  /** What it can take now; empty for nothing. */
  Optional<Offer> offer();

  /** Takes what was claimed for it, already committed; uses up as much credit. */
  void deliver(List<Claimed> claimed);
}
