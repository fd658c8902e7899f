package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be asked of a task that runs long. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.maxDuration) || (self.maxDuration.matches('"
            + Rules.DURATION
            + "') && self.maxDuration.matches('"
            + Rules.ABOVE_ZERO
            + "'))",
    messageExpression =
        "'protection.maxDuration is \"' + self.maxDuration + '\""
            + Rules.WRITE_DURATION
            + "30m or 2h'",
    message = "protection.maxDuration must be a duration above zero, such as 2h",
    fieldPath = ".maxDuration",
    reason = "FieldValueInvalid")
public record Protection(
    @JsonPropertyDescription(
            "After running this long (a Go duration) a task is asked to checkpoint and go back to the queue. Absent: it may run on.")
        @Nullable String maxDuration) {

  static Protection none() {
    return new Protection(null);
  }

  public Optional<Duration> longest() {
    return Optional.ofNullable(maxDuration).flatMap(GoDuration::parse);
  }
}
