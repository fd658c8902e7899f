package io.tensorfleet.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import java.time.Duration;

/** How fast the size may follow, as in the HorizontalPodAutoscaler, autoscaling/v2. */
public record Behavior(
    @Default("{}") @JsonPropertyDescription("Growing. Default: at once, without a limit.")
        ScalingRules scaleUp,
    @Default("{}")
        @JsonPropertyDescription(
            "Shrinking. Default: when the surplus has lasted 60 seconds, without a limit.")
        ScalingRules scaleDown) {

  static final int UP_WINDOW = 0;
  static final int DOWN_WINDOW = 60;

  public Behavior {
    scaleUp = Absent.or(scaleUp, ScalingRules.window(UP_WINDOW));
    scaleDown = Absent.or(scaleDown, ScalingRules.window(DOWN_WINDOW));
  }

  public static Behavior defaults() {
    return new Behavior(ScalingRules.window(UP_WINDOW), ScalingRules.window(DOWN_WINDOW));
  }

  public Duration upWindow() {
    return Duration.ofSeconds(Absent.or(scaleUp.stabilizationWindowSeconds(), UP_WINDOW));
  }

  public Duration downWindow() {
    return Duration.ofSeconds(Absent.or(scaleDown.stabilizationWindowSeconds(), DOWN_WINDOW));
  }
}
