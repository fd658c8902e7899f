package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.Requirements;

/** Tells whether a worker may run a task. */
public final class Matching {
  private Matching() {}

  public static boolean serves(Offer offer, Demand demand) {
    return offer.queues().contains(demand.queue()) && meets(offer, demand.requires());
  }

  static boolean meets(Offer offer, Requirements requires) {
    return offer.capabilities().getGpuCount() >= requires.getGpuCount()
        && offer.capabilities().getMemoryBytes() >= requires.getMemoryBytes()
        && offer.labels().entrySet().containsAll(requires.getLabelsMap().entrySet());
  }
}
