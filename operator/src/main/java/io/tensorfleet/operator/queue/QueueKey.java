package io.tensorfleet.operator.queue;

/** Names one queue of one orchestrator. */
public record QueueKey(String address, String queue) {}
