package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.e2e.drill.LogChecker.Kind;
import io.tensorfleet.e2e.drill.LogChecker.Output;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs of a program that was given hostile text, good and bad. */
class LogCheckerTest {
  private static final LogChecker CHECKER = new LogChecker(List.of("hunter2"));
  private static final String LINE = "2026-11-24T15:00:00.123Z INFO  Session ";
  private static final List<Output> GOOD =
      List.of(
          new Output("text", Kind.TEXT_LOG, LINE + "x\\n" + LINE + Hostile.MARK + "\nworker w: x"),
          new Output("json", Kind.JSON_LOG, "{\"level\":\"INFO\",\"message\":\"x\\nFORGED\"}"),
          new Output(
              "metrics",
              Kind.METRICS,
              "# HELP a_total what\n# TYPE a_total counter\na_total{x=\"\\n\\\"\",} 1.0E3\nb NaN\n# EOF"),
          new Output("mistakes", Kind.MISTAKES, "WORKER_ID: \"x\\n\" is not accepted"));

  private static List<String> faults(Kind kind, String text) {
    List<Output> outputs = new ArrayList<>(GOOD);
    outputs.add(new Output("bad", kind, text));
    return CHECKER.check(outputs).faults();
  }

  @Test
  void linesThatAreTheirOwnPass() {
    assertThat(CHECKER.check(GOOD).faults()).isEmpty();
  }

  @Test
  void aForgedLineIsRefused() {
    assertThat(faults(Kind.TEXT_LOG, LINE + "x\n" + LINE + Hostile.MARK + " line")).hasSize(1);
    assertThat(faults(Kind.TEXT_LOG, LINE + "x\nno line of a log")).hasSize(1);
    assertThat(faults(Kind.PAGE, "x\nFORGED")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\u001b[2K", "\u2028", "\u2029", "\u0085", "\u202e", "\u009b31m"})
  void aControlCharacterAsItIsIsRefused(String control) {
    assertThat(faults(Kind.TEXT_LOG, LINE + "a" + control + "b")).isNotEmpty();
    assertThat(faults(Kind.PAGE, "a" + control + "b")).isNotEmpty();
  }

  @Test
  void jsonThatIsNotItsOwnIsRefused() {
    assertThat(faults(Kind.JSON_LOG, "{\"message\":\"FORGED\"}")).hasSize(1);
    assertThat(faults(Kind.JSON_LOG, "{\"message\":\"x\",\"FORGED\":\"\"}")).hasSize(1);
    assertThat(faults(Kind.JSON_LOG, "{\"message\":\"x\"} {}")).hasSize(1);
    assertThat(faults(Kind.JSON_LOG, "{\"message\":\"x\",\"message\":\"y\"}")).hasSize(1);
    assertThat(faults(Kind.JSON_LOG, "text")).hasSize(1);
  }

  @Test
  void metricsThatNoLongerParseAreRefused() {
    assertThat(faults(Kind.METRICS, "a{x=\"\n\"} 1")).isNotEmpty();
    assertThat(faults(Kind.METRICS, "a{x=\"\"\"} 1")).hasSize(1);
    assertThat(faults(Kind.METRICS, "a{x=\"y\"} one")).hasSize(1);
  }

  @Test
  void aMistakeOverTwoLinesIsRefused() {
    assertThat(faults(Kind.MISTAKES, "WORKER_ID: \"x\nFORGED\" is not accepted")).hasSize(1);
  }

  @Test
  void aSecretIsRefusedWhereverItStands() {
    assertThat(faults(Kind.TEXT_LOG, LINE + "hunter2")).containsExactly("bad tells a secret");
    assertThat(faults(Kind.ANSWER, "hunter2")).containsExactly("bad tells a secret");
  }

  @Test
  void outputsThatWereNotReadAreRefused() {
    assertThat(CHECKER.check(List.of()).faults()).hasSize(4);
  }
}
