package io.tensorfleet.operator.telemetry;

import io.tensorfleet.crds.WorkerPoolStatus.ConditionTypes;
import io.tensorfleet.operator.policy.PodPhase.Cause;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The metrics of each pool. All have the labels {@code namespace} and {@code pool}, and go when the
 * pool goes.
 */
public enum PoolFamily {
  DESIRED_REPLICAS(false, "Workers that the pool shall have"),
  REPLICAS(
      false,
      "Workers by state; each is in one: starting (not ready and without a task), busy (holds a task), idle (ready"
          + " without one), draining (leaving)",
      "state",
      List.of("starting", "busy", "idle", "draining")),
  READY_REPLICAS(false, "Workers that are ready"),
  UPDATED_REPLICAS(false, "Workers of the newest revision"),
  PENDING(false, "Tasks that wait in the pool's queue, as last known"),
  RUNNING(false, "Tasks of the pool's queue that run, as last known"),
  OLDEST_AGE_SECONDS(false, "How long the oldest task of the pool's queue waits, as last known"),
  QUEUE_REACHABLE(false, "1 while the orchestrator tells what is in the queue, else 0"),
  CONDITION(
      false,
      "1 where the condition of this type is True, else 0",
      "type",
      List.of(
          ConditionTypes.READY,
          ConditionTypes.PROGRESSING,
          ConditionTypes.DEGRADED,
          ConditionTypes.QUEUE_REACHABLE,
          ConditionTypes.SCALING_LIMITED,
          ConditionTypes.PAUSED)),
  WORKER_SECONDS(
      true,
      "Seconds that workers have spent in a state of tensorfleet_pool_replicas while this operator led, summed over"
          + " the pool's workers; all states together are what the pool has cost",
      "state",
      List.of("starting", "busy", "idle", "draining")),
  PODS(
      true,
      "Pods created and removed, removals put off because the worker may not leave, and plans that the API server"
          + " refused a creation of",
      "outcome",
      List.of("created", "removed", "kept", "refused")),
  FAILED_PODS(
      true,
      "Pods removed because they did not serve, by what kept them from it: config (a Secret or the like is missing), image"
          + " (cannot be had), crash_loop, unschedulable, node_lost, stuck (containers do not begin), not_ready, or ended"
          + " (the Pod is over, evicted ones too)",
      "cause",
      causes());

  /** The cause of a Pod that is over. */
  public static final String ENDED = "ended";

  private final boolean counter;
  private final String meaning;
  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // a copy
  private final List<String> values;

  PoolFamily(boolean counter, String meaning) {
    this(counter, meaning, "", List.of(""));
  }

  PoolFamily(boolean counter, String meaning, String label, List<String> values) {
    this.counter = counter;
    this.meaning = meaning;
    this.label = label;
    this.values = List.copyOf(values);
  }

  /** One that a gate holds is never given up. */
  private static List<String> causes() {
    return Stream.concat(
            Arrays.stream(Cause.values()).filter(cause -> cause != Cause.GATED).map(Cause::label),
            Stream.of(ENDED))
        .toList();
  }

  /** Without the suffix of a counter. */
  String prometheusName() {
    return "tensorfleet_pool_" + name().toLowerCase(java.util.Locale.ROOT);
  }

  boolean counter() {
    return counter;
  }

  String meaning() {
    return meaning;
  }

  /** Empty where there is none besides namespace and pool. */
  String label() {
    return label;
  }

  List<String> labelValues() {
    return values;
  }
}
