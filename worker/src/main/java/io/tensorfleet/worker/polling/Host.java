package io.tensorfleet.worker.polling;

import io.grpc.Status;
import io.tensorfleet.proto.orchestrator.HeartbeatRequest;
import io.tensorfleet.worker.core.DrainState;

/** The session that polling is a part of. Called on the session's thread. */
public interface Host {
  /**
   * Polling has begun.
   *
   * @param registration what came of RegisterWorker, in words
   */
  void polls(String registration);

  /** The orchestrator has answered a call. */
  void answered();

  /** The orchestrator is gone. */
  void broken(Status status);

  /** A task has ended, or is not owed for any more. */
  void changed();

  /** How the worker stands; its tasks are added. */
  HeartbeatRequest.Builder heartbeat();

  /** A heartbeat was not taken. */
  void heartbeatFailed();

  DrainState drain();
}
