package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the size of a pool follows its queue. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "!has(self.drainTime) || (self.drainTime.matches('"
            + Rules.DURATION
            + "') && self.drainTime.matches('"
            + Rules.ABOVE_ZERO
            + "'))",
    messageExpression =
        "'scaling.drainTime is \"' + self.drainTime + '\""
            + Rules.WRITE_DURATION
            + "30s or 5m; leave it out for one slot per waiting task'",
    message = "scaling.drainTime must be a duration above zero, such as 5m",
    fieldPath = ".drainTime",
    reason = "FieldValueInvalid")
public record Scaling(
    @JsonPropertyDescription(
            "The pool is sized to finish the waiting work in about this time (a Go duration: 30s, 5m). Absent: one slot per waiting task.")
        @Nullable String drainTime,
    @Default("0")
        @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Slots kept free on top of the demand, so that new work starts without waiting for a Pod: 0 to 1000000.")
        Integer minIdle,
    @Default("1")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Waiting tasks needed before a pool of 0 workers gets its first: 1 to 1000000.")
        Integer activation,
    @Default("{}")
        @JsonPropertyDescription(
            "How fast the size may follow, exactly as behavior of a HorizontalPodAutoscaler (autoscaling/v2).")
        Behavior behavior,
    @JsonPropertyDescription(
            "Times in which the pool has a higher lower bound, at most 50. Absent: none.")
        List<Schedule> schedules,
    @Default("{}") @JsonPropertyDescription("What to do when the queue cannot be read.")
        Fallback fallback,
    @Default("Auto")
        @JsonPropertyDescription(
            "Auto; Paused (the size stays); PausedIn (no shrinking); PausedOut (no growing); DryRun (decide and show, do nothing).")
        ScalingMode mode) {

  public Scaling {
    minIdle = Absent.or(minIdle, 0);
    activation = Absent.or(activation, 1);
    behavior = Absent.or(behavior, Behavior.defaults());
    schedules = Absent.list(schedules);
    fallback = Absent.or(fallback, Fallback.defaults());
    mode = Absent.or(mode, ScalingMode.Auto);
  }

  public static Scaling defaults() {
    return new Scaling(
        null, 0, 1, Behavior.defaults(), List.of(), Fallback.defaults(), ScalingMode.Auto);
  }

  public Scaling withDrainTime(String time) {
    return new Scaling(time, minIdle, activation, behavior, schedules, fallback, mode);
  }

  public Scaling withMinIdle(int slots) {
    return new Scaling(drainTime, slots, activation, behavior, schedules, fallback, mode);
  }

  public Scaling withActivation(int tasks) {
    return new Scaling(drainTime, minIdle, tasks, behavior, schedules, fallback, mode);
  }

  public Scaling withBehavior(Behavior other) {
    return new Scaling(drainTime, minIdle, activation, other, schedules, fallback, mode);
  }

  public Scaling withSchedules(List<Schedule> others) {
    return new Scaling(drainTime, minIdle, activation, behavior, others, fallback, mode);
  }

  public Scaling withFallback(Fallback other) {
    return new Scaling(drainTime, minIdle, activation, behavior, schedules, other, mode);
  }

  public Scaling withMode(ScalingMode other) {
    return new Scaling(drainTime, minIdle, activation, behavior, schedules, fallback, other);
  }

  /** The time to finish waiting work in; empty means one slot per waiting task. */
  public Optional<Duration> targetDrain() {
    return Optional.ofNullable(drainTime).flatMap(GoDuration::parse).filter(time -> !time.isZero());
  }
}
