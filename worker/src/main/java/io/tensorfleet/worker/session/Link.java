package io.tensorfleet.worker.session;

import io.tensorfleet.proto.v1.WorkerMessage;

/** One open stream to an orchestrator; used by one thread. */
public interface Link {
  void send(WorkerMessage message);

  /** False while what was sent piles up: what can wait should. */
  boolean ready();

  /** Ends this side in order. */
  void complete();

  /** Breaks the stream off. */
  void abandon(String why);
}
