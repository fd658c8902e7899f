package io.tensorfleet.operator.api;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolStatus;
import java.util.Optional;

/** Writes what people read of a pool. */
public interface PoolWriter {
  /**
   * Writes the status; why it could not be written, if so. Nothing happens when the pool is gone.
   */
  Optional<String> status(WorkerPool pool, WorkerPoolStatus status);

  /**
   * Writes an event unless there is one of this name; one that cannot be written is only logged.
   */
  void event(Event event);
}
