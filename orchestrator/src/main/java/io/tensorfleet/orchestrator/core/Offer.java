package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.Capabilities;
import java.util.Map;
import java.util.Set;

/** What one worker session offers now: its free credit and what it can serve. */
public record Offer(
    long sessionNo,
    int credit,
    Capabilities capabilities,
    Map<String, String> labels,
    Set<String> queues) {
  public Offer {
    labels = Map.copyOf(labels);
    queues = Set.copyOf(queues);
  }
}
