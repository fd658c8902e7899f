package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator saw and decided. Null means: not known yet. Times are RFC 3339, UTC. Numbers
 * are bounded, so that nobody stores one that the operator cannot read.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkerPoolStatus(
    @Min(0)
        @Max(MOST_COUNTED)
        @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @StatusReplicas
        @Min(0)
        @Max(MOST_WORKERS)
        @JsonPropertyDescription("Workers there are, those that leave left out.")
        @Nullable Integer replicas,
    @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("Workers that are ready.")
        @Nullable Integer readyReplicas,
    @Min(0)
        @Max(MOST_WORKERS)
        @JsonPropertyDescription("Workers whose Pod exists and is not ready yet.")
        @Nullable Integer startingReplicas,
    @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("Workers that hold at least one task.")
        @Nullable Integer busyReplicas,
    @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("Ready workers that hold no task.")
        @Nullable Integer idleReplicas,
    @Min(0)
        @Max(MOST_WORKERS)
        @JsonPropertyDescription("Workers that were asked to leave and are not gone yet.")
        @Nullable Integer drainingReplicas,
    @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("The size decided last, in workers.")
        @Nullable Integer desiredReplicas,
    @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("Workers of the newest revision.")
        @Nullable Integer updatedReplicas,
    @LabelSelector @JsonPropertyDescription("Label selector of the pool's Pods, in text form.")
        @Nullable String selector,
    @JsonPropertyDescription("The newest revision: a hash of what matters of the Pods.")
        @Nullable String revision,
    @JsonPropertyDescription("The queue as last seen.") @Nullable QueueStatus queue,
    @JsonPropertyDescription("The last decision.") @Nullable DecisionStatus decision,
    @JsonPropertyDescription("When the size was changed last, RFC 3339.")
        @Nullable String lastScaleTime,
    @JsonPropertyDescription("Why the size was changed last: the sentence of that decision.")
        @Nullable String lastScaleReason,
    @JsonPropertyDescription(
            "Replacements of workers that could not start; absent when there were none lately.")
        @Nullable ReplacementStatus replacements,
    @JsonPropertyDescription(
            "Ready, Progressing, Degraded, QueueReachable, ScalingLimited and Paused.")
        List<Condition> conditions) {

  /** More workers than any pool can have. */
  public static final int MOST_WORKERS = 1_000_000;

  /** Of tasks, slots and generations; exact in JSON too. */
  public static final long MOST_COUNTED = 1_000_000_000_000_000L;

  /** The types of the conditions. */
  public static final class ConditionTypes {
    public static final String READY = "Ready";
    public static final String PROGRESSING = "Progressing";
    public static final String DEGRADED = "Degraded";
    public static final String QUEUE_REACHABLE = "QueueReachable";
    public static final String SCALING_LIMITED = "ScalingLimited";
    public static final String PAUSED = "Paused";

    private ConditionTypes() {}
  }

  /** The queue as last seen. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record QueueStatus(
      @Min(0) @Max(MOST_COUNTED) @JsonPropertyDescription("Tasks that wait for a slot.")
          @Nullable Long pending,
      @Min(0) @Max(MOST_COUNTED) @JsonPropertyDescription("Tasks that run on a worker.")
          @Nullable Long running,
      @JsonPropertyDescription(
              "Age of the oldest waiting task, as a coarse Go duration. Absent: none waits.")
          @Nullable String oldestAge,
      @JsonPropertyDescription("When the queue was seen like this, RFC 3339.")
          @Nullable String observedAt) {}

  /** What went into the last decision, the rule that bound, and what came out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DecisionStatus(
      @JsonPropertyDescription("The decision in one sentence.") @Nullable String message,
      @JsonPropertyDescription(
              "The rule that bound the size, such as Demand, MaxReplicas, ScaleDownWindow.")
          @Nullable String rule,
      @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("The size decided, in workers.")
          @Nullable Integer size,
      @Min(0)
          @Max(MOST_WORKERS)
          @JsonPropertyDescription("The size that the demand alone asks for, in workers.")
          @Nullable Integer wanted,
      @Min(0)
          @Max(MOST_COUNTED)
          @JsonPropertyDescription(
              "Slots needed: waiting work, running work and those kept free. Absent: the queue is unknown.")
          @Nullable Long demandSlots,
      @Min(0)
          @Max(MOST_WORKERS)
          @JsonPropertyDescription("Workers that counted as supply, starting ones included.")
          @Nullable Integer supply,
      @JsonPropertyDescription(
              "When the decision may change although nothing else does, RFC 3339. Absent: it stands until something changes.")
          @Nullable String mayChangeAt) {}

  /** How often workers of a revision were replaced because they could not start. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ReplacementStatus(
      @JsonPropertyDescription("The revision of these workers.") @Nullable String revision,
      @Min(0) @Max(MOST_WORKERS) @JsonPropertyDescription("Workers replaced.")
          @Nullable Integer count,
      @JsonPropertyDescription("When the last one was replaced.") @Nullable String lastAt) {}

  public WorkerPoolStatus {
    conditions = Absent.list(conditions);
  }

  /** The status of a pool that no operator has seen. */
  public static WorkerPoolStatus empty() {
    return new WorkerPoolStatus(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, List.of());
  }
}
