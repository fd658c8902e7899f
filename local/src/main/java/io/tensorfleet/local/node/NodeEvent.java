package io.tensorfleet.local.node;

import java.time.Instant;

/** Something that a node did with a Pod's program. */
public sealed interface NodeEvent {
  String pod();

  Instant at();

  /** Started its program, for the first time or again. */
  record Started(String pod, long pid, int restarts, Instant at) implements NodeEvent {}

  /** Saw it end. */
  record Ended(String pod, int exitCode, Instant at) implements NodeEvent {}

  /** Could not start it. */
  record Refused(String pod, String reason, String message, Instant at) implements NodeEvent {}
}
