package io.tensorfleet.worker.server;

/** The log's verbosity, while the worker runs. */
public interface LogLevel {
  /** The one that holds, in lower case. */
  String shown();

  /** Those that there are, in words. */
  String accepted();

  /** False where there is no such level; nothing is changed then. */
  boolean set(String level);
}
