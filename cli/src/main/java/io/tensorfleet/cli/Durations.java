package io.tensorfleet.cli;

import io.tensorfleet.crds.GoDuration;
import java.time.Duration;

/** Durations as people type them. */
final class Durations {
  private Durations() {}

  static Duration parse(String option, String text) {
    return GoDuration.parse(text)
        .filter(d -> !d.isZero())
        .orElseThrow(
            () ->
                CliException.refused(
                    option
                        + " "
                        + text
                        + ": accepted is a duration above zero such as 300ms, 1m30s or 2h"));
  }
}
