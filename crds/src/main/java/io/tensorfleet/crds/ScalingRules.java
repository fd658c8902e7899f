package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of {@code behavior}, with the names and meanings of the HorizontalPodAutoscaler,
 * autoscaling/v2.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScalingRules(
    @Min(0)
        @Max(3600)
        @JsonPropertyDescription(
            "Seconds that a wish for this direction must have lasted, 0 to 3600. Default: 0 for scaleUp, 60 for scaleDown.")
        @Nullable Integer stabilizationWindowSeconds,
    @Default("Max")
        @JsonPropertyDescription(
            "Which policy binds when there are several: Max (the largest change), Min (the smallest), Disabled (never this direction).")
        SelectPolicy selectPolicy,
    @JsonPropertyDescription("Limits of the change, at most 10. None: straight to the size needed.")
        List<ScalingPolicyRule> policies,
    @JsonPropertyDescription(
            "Changes of at most this part of the size are left out: a number from 0, such as 0.1 or 100m for 10 %. Default: 0.")
        @Nullable JsonNode tolerance) {

  public ScalingRules {
    selectPolicy = Absent.or(selectPolicy, SelectPolicy.Max);
    policies = Absent.list(policies);
  }

  /** No policies; {@code windowSeconds} as the window. */
  public static ScalingRules window(int windowSeconds) {
    return new ScalingRules(windowSeconds, SelectPolicy.Max, List.of(), null);
  }

  public ScalingRules withPolicies(SelectPolicy select, List<ScalingPolicyRule> limits) {
    return new ScalingRules(stabilizationWindowSeconds, select, limits, tolerance);
  }

  /** The tolerance as a part of the size; 0 where it is absent, negative or no quantity. */
  public double toleranceRatio() {
    if (tolerance == null || tolerance.isNull()) {
      return 0;
    }
    try {
      BigDecimal amount = Quantity.getAmountInBytes(new Quantity(tolerance.asText()));
      return Math.max(0, amount.doubleValue());
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }
}
