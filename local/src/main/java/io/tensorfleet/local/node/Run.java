package io.tensorfleet.local.node;

import java.time.Instant;

/** What a Pod's program does. */
public sealed interface Run {
  /** Was never started. */
  record NotStarted() implements Run {}

  /** Runs. */
  record Running(long pid, Instant since) implements Run {}

  /** Ended by itself or by a signal (128 + its number). */
  record Ended(int exitCode, Instant since, Instant at) implements Run {}

  /** Cannot be started. */
  record Impossible(String reason, String message) implements Run {}
}
