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
    value =
        "!has(self.taskTimeout) || (self.taskTimeout.matches('"
            + Rules.DURATION
            + "') && self.taskTimeout.matches('"
            + Rules.ABOVE_ZERO
            + "'))",
    messageExpression =
        "'worker.taskTimeout is \"' + self.taskTimeout + '\""
            + Rules.WRITE_DURATION
            + "300s or 2h'",
    message = "worker.taskTimeout must be a duration above zero, such as 300s",
    fieldPath = ".taskTimeout",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!has(self.heartbeatInterval) || (self.heartbeatInterval.matches('"
            + Rules.DURATION
            + "') && self.heartbeatInterval.matches('"
            + Rules.ABOVE_ZERO
            + "'))",
    messageExpression =
        "'worker.heartbeatInterval is \"' + self.heartbeatInterval + '\""
            + Rules.WRITE_DURATION
            + "2s or 30s'",
    message = "worker.heartbeatInterval must be a duration above zero, such as 2s",
    fieldPath = ".heartbeatInterval",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "(self.drainTimeout.matches('"
            + Rules.DURATION
            + "') && self.drainTimeout.matches('"
            + Rules.ABOVE_ZERO
            + "'))",
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
@ValidationRule(
    value =
        "!has(self.labels) || self.labels.all(k, k.matches('^[A-Za-z0-9._/-]{1,253}$') && self.labels[k].matches('^[A-Za-z0-9._-]{0,63}$'))",
    message =
        "worker.labels: write keys of 1 to 253 letters, digits, dots, dashes, underscores or slashes, and values of at most 63 letters, digits, dots, dashes or underscores, such as zone: a",
    fieldPath = ".labels",
    reason = "FieldValueInvalid")
public record WorkerSettings(
    @Default("3")
        @Min(1)
        @Max(1024)
        @JsonPropertyDescription("Tasks that one worker runs at once, its slots: 1 to 1024.")
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
            "The engine that trains, such as simulation: 1 to 31 lower case letters, digits or dashes. Absent: the worker's default.")
        @Nullable String engine,
    @Default("10m")
        @JsonPropertyDescription(
            "How long a worker may take to finish what runs after it was asked to stop, as a Go duration; also the Pod's grace period.")
        String drainTimeout,
    @JsonPropertyDescription("What each worker offers to tasks. Absent: what it measures itself.")
        @Nullable Capabilities capabilities,
    @JsonPropertyDescription(
            "Labels that tasks may ask for, at most 64: values of at most 63 letters, digits, dots, dashes or underscores. Absent: none.")
        Map<String, String> labels) {

  private static final Duration USUAL_DRAIN = Duration.ofMinutes(10);

  /** What each worker offers; an absent one is measured by the worker. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Capabilities(
      @Min(1)
          @Max(65_536)
          @JsonPropertyDescription("CPU cores, 1 to 65536. Absent: what the worker measures.")
          @Nullable Integer cpuCores,
      @Min(1)
          @Max(1_048_576)
          @JsonPropertyDescription(
              "Memory in units of 2^30 bytes, 1 to 1048576. Absent: what the worker measures.")
          @Nullable Integer memoryGb,
      @Min(0)
          @Max(1_024)
          @JsonPropertyDescription("GPUs, 0 to 1024. Absent: what the worker measures.")
          @Nullable Integer gpuCount) {}

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
