package io.tensorfleet.worker.session;

import io.grpc.Status;
import io.tensorfleet.proto.v1.OrchestratorMessage;

/** Hears of a stream, on any thread; must return at once. */
public interface LinkEvents {
  void message(OrchestratorMessage message);

  /** The last event. */
  void closed(Status status);
}
