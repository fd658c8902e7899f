package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to do when the queue has been unknown for long: until then, and with Hold for ever, the size
 * is kept.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.action != 'Static' || has(self.replicas)",
    message =
        "scaling.fallback.replicas is missing: action Static needs the number of workers, such as replicas: 3",
    fieldPath = ".action",
    reason = "FieldValueRequired")
@ValidationRule(
    value = "!has(self.replicas) || self.action == 'Static'",
    messageExpression =
        "'scaling.fallback.replicas is only read with action Static, and action is ' + self.action + ': remove replicas or write action: Static'",
    message = "scaling.fallback.replicas is only read with action Static",
    fieldPath = ".replicas",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "self.after == '0' || self.after.matches('" + Rules.DURATION + "')",
    messageExpression =
        "'scaling.fallback.after is \"' + self.after + '\": write a duration below 100000h with units (ms, s, m, h), such as 60s, or 0s for at once'",
    message = "scaling.fallback.after must be a duration, such as 60s",
    fieldPath = ".after",
    reason = "FieldValueInvalid")
public record Fallback(
    @Default("60s")
        @JsonPropertyDescription(
            "How long the queue must have been unknown before action is taken: a Go duration such as 60s; 0s for at once.")
        String after,
    @Default("Hold")
        @JsonPropertyDescription(
            "Hold: keep the size. Floor: at least minReplicas. Static: at least replicas. Max: maxReplicas. No worker is removed while the queue is unknown.")
        FallbackAction action,
    @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
            "The number of workers for action Static, 0 to 10000; only with that action.")
        @Nullable Integer replicas) {

  private static final Duration USUAL = Duration.ofSeconds(60);

  public Fallback {
    after = Absent.or(after, "60s");
    action = Absent.or(action, FallbackAction.Hold);
  }

  public static Fallback defaults() {
    return new Fallback("60s", FallbackAction.Hold, null);
  }

  public Duration delay() {
    return GoDuration.parseOr(after, USUAL);
  }

  /** The number for action Static; 0 where it is absent. */
  public int staticReplicas() {
    return Absent.or(replicas, 0);
  }
}
