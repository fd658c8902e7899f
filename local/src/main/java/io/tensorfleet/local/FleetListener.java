package io.tensorfleet.local;

import io.tensorfleet.local.node.NodeEvent;

/** Hears how a fleet starts and stops, and what its node does. Called from many threads. */
@FunctionalInterface
public interface FleetListener {
  /** Hears nothing. */
  FleetListener SILENT = _ -> {};

  /** One sentence about a step of the start or stop. */
  void progress(String sentence);

  /** A worker program started or ended. */
  default void node(NodeEvent event) {}
}
