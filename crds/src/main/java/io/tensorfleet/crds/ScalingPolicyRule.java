package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * One limit of one direction: at most {@code value} Pods, or percent of the size, within the
 * period.
 */
public record ScalingPolicyRule(
    @Required
        @JsonPropertyDescription(
            "Pods: value is a number of Pods. Percent: a percentage of the size at the period's start.")
        Type type,
    @Required
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "How much may change within the period, in the unit that type names: 1 to 1000000.")
        Integer value,
    @Required
        @Min(1)
        @Max(1800)
        @JsonPropertyDescription("Length of the period in seconds, 1 to 1800.")
        Integer periodSeconds) {

  /** What {@code value} counts. */
  public enum Type {
    Pods,
    Percent
  }
}
