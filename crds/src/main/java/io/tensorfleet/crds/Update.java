package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a new revision of the Pods replaces the old one: idle workers at once, busy ones when they
 * become idle.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "type(self.maxSurge) == int ? (self.maxSurge >= 0 && self.maxSurge <= 10000) : self.maxSurge.matches('^[0-9]{1,3}%$')",
    message =
        "update.maxSurge must be a number from 0 to 10000, such as 1, or a percentage of the size in quotes, such as \"25%\"",
    fieldPath = ".maxSurge",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "type(self.maxUnavailable) == int ? (self.maxUnavailable >= 0 && self.maxUnavailable <= 10000) : self.maxUnavailable.matches('^([0-9]{1,2}|100)%$')",
    message =
        "update.maxUnavailable must be a number from 0 to 10000, such as 1, or a percentage of the size in quotes, such as \"10%\"",
    fieldPath = ".maxUnavailable",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "!((self.maxSurge == 0 || self.maxSurge == '0%') && (self.maxUnavailable == 0 || self.maxUnavailable == '0%'))",
    message =
        "update.maxSurge and update.maxUnavailable must not both be 0, or no worker could ever be replaced: set one to 1 or more",
    fieldPath = ".maxSurge",
    reason = "FieldValueInvalid")
@ValidationRule(
    value =
        "(self.progressDeadline.matches('"
            + Rules.DURATION
            + "') && self.progressDeadline.matches('"
            + Rules.ABOVE_ZERO
            + "'))",
    messageExpression =
        "'update.progressDeadline is \"' + self.progressDeadline + '\""
            + Rules.WRITE_DURATION
            + "5m or 10m'",
    message = "update.progressDeadline must be a duration above zero, such as 10m",
    fieldPath = ".progressDeadline",
    reason = "FieldValueInvalid")
public record Update(
    @Default("25%")
        @JsonPropertyDescription(
            "Workers above the size while a revision is replaced: a number from 0 to 10000, or a percentage of the size such as 25%, rounded up (so at least 1). Not 0 when maxUnavailable is 0.")
        IntOrString maxSurge,
    @Default("0")
        @JsonPropertyDescription(
            "Workers below the size while a revision is replaced: a number from 0 to 10000, or a percentage of the size such as 10%, rounded down.")
        IntOrString maxUnavailable,
    @Min(1)
        @Max(100)
        @JsonPropertyDescription(
            "Percentage of the workers that get a new revision first, 1 to 100; the rest follows when these have become ready. Absent: no canary.")
        @Nullable Integer canary,
    @Default("10m")
        @JsonPropertyDescription(
            "How long a new revision may take to bring one ready worker before it counts as failed, as a Go duration.")
        String progressDeadline,
    @Default("false")
        @JsonPropertyDescription(
            "true: go back to the last revision that worked when a new one fails. false: stop there.")
        Boolean rollback) {

  private static final Duration USUAL_DEADLINE = Duration.ofMinutes(10);

  public Update {
    maxSurge = Absent.or(maxSurge, new IntOrString("25%"));
    maxUnavailable = Absent.or(maxUnavailable, new IntOrString(0));
    progressDeadline = Absent.or(progressDeadline, "10m");
    rollback = Absent.or(rollback, false);
  }

  public static Update defaults() {
    return new Update(new IntOrString("25%"), new IntOrString(0), null, "10m", false);
  }

  public Update withBounds(IntOrString surge, IntOrString unavailable) {
    return new Update(surge, unavailable, canary, progressDeadline, rollback);
  }

  /** Workers allowed above {@code size}. */
  public int surgeFor(int size) {
    return count(maxSurge, size, 99);
  }

  /** Workers allowed to be missing from {@code size}. */
  public int unavailableFor(int size) {
    return count(maxUnavailable, size, 0);
  }

  public Duration deadline() {
    return GoDuration.parseOr(progressDeadline, USUAL_DEADLINE);
  }

  public OptionalInt canaryPercent() {
    return canary == null ? OptionalInt.empty() : OptionalInt.of(canary);
  }

  private static int count(IntOrString value, int size, int roundUp) {
    Integer number = value.getIntVal();
    if (number != null) {
      return Math.max(0, number);
    }
    String text = String.valueOf(value.getStrVal()).replace("%", "").strip();
    if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(Character::isDigit)) {
      return roundUp > 0 ? 1 : 0;
    }
    return (int) ((Long.parseLong(text) * size + roundUp) / 100);
  }
}
