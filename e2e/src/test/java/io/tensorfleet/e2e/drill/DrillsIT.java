package io.tensorfleet.e2e.drill;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each drill at a small size; {@code make drills} runs them in full. */
class DrillsIT {
  /** What CI is given instead of the full sizes. */
  private static final Sizes SMALL =
      new Sizes(
          Map.ofEntries(
              entry("EPOCH_MS", "300"),
              entry("CANCELS", "10"),
              entry("TIMEOUTS", "10"),
              entry("ROUNDS", "5"),
              entry("CUT_SECONDS", "15"),
              entry("SECONDS", "5"),
              entry("WINDOW", "12"),
              entry("OPERATOR_STARTS", "1"),
              entry("QUIET_SECONDS", "5"),
              entry("LEASE_SECONDS", "8"),
              entry("LEADER_KILLS", "1"),
              entry("LEADER_PAUSES", "1"),
              entry("LEADER_HANDOVERS", "1"),
              entry("WATCH_SECONDS", "15")));

  private static Optional<Ground> ground = Optional.empty();

  @BeforeAll
  static void open(@TempDir Path folder) {
    ground = Optional.of(Ground.open(folder));
  }

  @AfterAll
  static void close() {
    ground.ifPresent(Ground::close);
  }

  static List<String> drills() {
    return Drills.names();
  }

  @ParameterizedTest
  @MethodSource("drills")
  void whatIsPromisedHolds(String drill) {
    Line line = Drills.run(drill, ground.orElseThrow(), SMALL);
    System.out.println(line.json());
    assumeFalse(line.skipped(), line.json());
    assertThat(line.good()).as(line.json()).isTrue();
  }
}
