package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of each worker of a pool. What is absent keeps the worker's own default. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.taskTimeout) || self.taskTimeout.matches('" + Rules.DURATION + "')",
    messageExpression =
        "'worker.taskTimeout is \"' + self.taskTimeout + '\""
            + Rules.WRITE_DURATION
            + "300s or 2h'",
    message = "worker.taskTimeout must be a duration above zero, such as 300s",
    fieldPath = ".taskTimeout",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(self.heartbeatInterval) || self.heartbeatInterval.matches('" + Rules.DURATION + "')",
    messageExpression =
        "'worker.heartbeatInterval is \"' + self.heartbeatInterval + '\""
            + Rules.WRITE_DURATION
            + "2s or 30s'",
    message = "worker.heartbeatInterval must be a duration above zero, such as 2s",
    fieldPath = ".heartbeatInterval",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "self.drainTimeout.matches('" + Rules.DURATION + "')",
    messageExpression =
        "'worker.drainTimeout is \"' + self.drainTimeout + '\""
            + Rules.WRITE_DURATION
            + "30s or 10m'",
    message = "worker.drainTimeout must be a duration above zero, such as 10m",
    fieldPath = ".drainTimeout",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "!has(self.logLevel) || self.logLevel in ['trace', 'debug', 'info', 'warn', 'error']",
    messageExpression =
        "'worker.logLevel is \"' + self.logLevel + '\": write one of trace, debug, info, warn, error'",
    message = "worker.logLevel must be one of trace, debug, info, warn, error",
    fieldPath = ".logLevel",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "!has(self.engine) || self.engine.matches('^[a-z][a-z0-9-]{0,30}$')",
    messageExpression =
        "'worker.engine is \"' + self.engine + '\": write the name of an engine, such as simulation'",
    message = "worker.engine must be the name of an engine, such as simulation",
    fieldPath = ".engine",
    reason = "FieldValueInvalid")
public record WorkerSettings(
    @Default("3")
        @Min(1)
        @Max(1024)
        @JsonPropertyDescription("Tasks that one worker runs at once: its slots.")
        Integer maxConcurrentTasks,
    @JsonPropertyDescription(
            "Longest run of one task, as a Go duration: 300s, 2h. Absent: the worker's default, 300s.")
        @Nullable String taskTimeout,
    @JsonPropertyDescription(
            "How often a worker reports, as a Go duration: 2s, 30s. Absent: what the orchestrator asks for.")
        @Nullable String heartbeatInterval,
    @JsonPropertyDescription(
            "Verbosity: trace, debug, info, warn or error. Absent: the worker's default, info.")
        @Nullable String logLevel,
    @JsonPropertyDescription(
            "The engine that trains, such as simulation. Absent: the worker's default.")
        @Nullable String engine,
    @Default("10m")
        @JsonPropertyDescription(
            "How long a worker may take to finish what runs after it was asked to stop, as a Go duration; also the Pod's grace period.")
        String drainTimeout,
    @JsonPropertyDescription("What each worker offers to tasks. Absent: what it measures itself.")
        @Nullable Capabilities capabilities,
    @JsonPropertyDescription("Labels that tasks may ask for.") Map<String, String> labels) {

  private static final Duration USUAL_DRAIN = Duration.ofMinutes(10);

  /** What each worker offers; an absent one is measured by the worker. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Capabilities(
      @Min(1) @JsonPropertyDescription("CPU cores.") @Nullable Integer cpuCores,
      @Min(1) @JsonPropertyDescription("Memory in GB.") @Nullable Integer memoryGb,
      @Min(0) @JsonPropertyDescription("GPUs.") @Nullable Integer gpuCount) {}

  public WorkerSettings {
    maxConcurrentTasks = Absent.or(maxConcurrentTasks, 3);
    drainTimeout = Absent.or(drainTimeout, "10m");
    labels = Absent.map(labels);
  }

  public static WorkerSettings defaults() {
    return withSlots(3);
  }

  public static WorkerSettings withSlots(int slots) {
    return new WorkerSettings(slots, null, null, null, null, "10m", null, Map.of());
  }

  /** The Pod's grace period. */
  public Duration drain() {
    return GoDuration.parseOr(drainTimeout, USUAL_DRAIN);
  }
}
