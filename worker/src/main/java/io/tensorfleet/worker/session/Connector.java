package io.tensorfleet.worker.session;

import io.tensorfleet.worker.polling.Caller;

/** Opens streams to the orchestrator, and calls it. */
public interface Connector extends Caller, AutoCloseable {
  Link open(LinkEvents events);

  @Override
  void close();
}
