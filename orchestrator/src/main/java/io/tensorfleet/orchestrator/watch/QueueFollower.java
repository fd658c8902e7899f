package io.tensorfleet.orchestrator.watch;

import io.tensorfleet.proto.v1.QueueSnapshot;

/** Takes states of a queue; called by one thread at a time, and must not block. */
public interface QueueFollower {
  /** Says whether it wants more. */
  boolean take(QueueSnapshot state);

  /** The database does not answer; nothing follows. */
  void away();
}
