package io.tensorfleet.worker.session;

/** Opens streams to the orchestrator. */
public interface Connector extends AutoCloseable {
  Link open(LinkEvents events);

  @Override
  void close();
}
