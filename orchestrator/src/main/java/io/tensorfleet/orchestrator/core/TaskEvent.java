package io.tensorfleet.orchestrator.core;

/** What can happen to a running task. */
public sealed interface TaskEvent {

  /** The worker reports success. */
  record Completed() implements TaskEvent {}

  /** The worker reports a failure that another try may cure. */
  record Failed(String error) implements TaskEvent {}

  /** The worker reports that the task itself is wrong. */
  record NonRetryable(String error) implements TaskEvent {}

  /** It ran, or was silent, for longer than it may. */
  record TimedOut(String error) implements TaskEvent {}

  /**
   * The worker died under it: its lease ended, its stream stayed broken, or a newer process took
   * its name.
   */
  record WorkerDied(String error) implements TaskEvent {}

  /** The worker hands it back while draining: no try is used. */
  record HandedBack(String reason) implements TaskEvent {}

  /** The worker stopped it on the orchestrator's word. */
  record Cancelled(String reason) implements TaskEvent {}
}
