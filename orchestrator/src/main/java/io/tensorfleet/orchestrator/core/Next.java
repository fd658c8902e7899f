package io.tensorfleet.orchestrator.core;

import java.time.Duration;

/**
 * What becomes of a task: its state, its tries, how long it waits first, and why.
 *
 * @param delay zero unless the state is {@link TaskStatus#DELAYED}
 * @param error empty where nothing went wrong
 */
public record Next(TaskStatus status, Tries tries, Duration delay, String error) {}
