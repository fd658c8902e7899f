package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.e2e.drill.BadInputChecker.Afterwards;
import io.tensorfleet.e2e.drill.Reply.Door;
import io.tensorfleet.e2e.drill.Reply.Expect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to bad inputs, good and bad. */
class BadInputCheckerTest {
  private static final BadInputChecker CHECKER = new BadInputChecker(Map.of());
  private static final Afterwards WELL = new Afterwards(true, true);

  private static List<String> faults(Reply reply) {
    return CHECKER.check(List.of(reply), WELL).faults();
  }

  private static Reply reply(Door door, Expect expect, String outcome, String text) {
    return new Reply(door, "x", expect, outcome, text);
  }

  @Test
  void clearErrorsPass() {
    assertThat(faults(reply(Door.GRPC, Expect.REFUSAL, "INVALID_ARGUMENT", "task_id: …")))
        .isEmpty();
    assertThat(faults(reply(Door.GRPC, Expect.ANSWER, "OK", ""))).isEmpty();
    assertThat(faults(reply(Door.HTTP, Expect.ANSWER, "200", "HTTP/1.1 200"))).isEmpty();
    assertThat(faults(reply(Door.HTTP, Expect.REFUSAL, "405", "HTTP/1.1 405"))).isEmpty();
    assertThat(faults(reply(Door.HTTP, Expect.ANSWER, "501", "HTTP/1.1 501"))).isEmpty();
    assertThat(faults(reply(Door.HTTP, Expect.GARBAGE, "closed", ""))).isEmpty();
    assertThat(faults(reply(Door.ENVIRONMENT, Expect.REFUSAL, "2", "PORT: …"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"})
  void aCodeThatBlamesTheProgramIsRefused(String code) {
    assertThat(faults(reply(Door.GRPC, Expect.ANSWER, code, "what happened"))).hasSize(1);
  }

  @Test
  void badInputThatIsTakenIsRefused() {
    assertThat(faults(reply(Door.GRPC, Expect.REFUSAL, "OK", ""))).hasSize(1);
    assertThat(faults(reply(Door.HTTP, Expect.REFUSAL, "200", "HTTP/1.1 200"))).hasSize(1);
    assertThat(faults(reply(Door.ENVIRONMENT, Expect.REFUSAL, "0", "PORT: …"))).hasSize(1);
  }

  @Test
  void anErrorWithoutASentenceIsRefused() {
    assertThat(faults(reply(Door.GRPC, Expect.REFUSAL, "INVALID_ARGUMENT", " "))).hasSize(1);
    assertThat(faults(reply(Door.ENVIRONMENT, Expect.REFUSAL, "2", ""))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "502", "silent", "closed"})
  void noAnswerOrAnErrorOfTheServerIsRefused(String outcome) {
    assertThat(faults(reply(Door.HTTP, Expect.ANSWER, outcome, "x"))).hasSize(1);
  }

  @Test
  void aStackTraceIsRefused() {
    String trace = "oops\n\tat io.tensorfleet.worker.Main.main(Main.java:20)";
    assertThat(faults(reply(Door.HTTP, Expect.ANSWER, "400", trace)))
        .containsExactly("HTTP: x was answered by a stack trace");
    assertThat(faults(reply(Door.GRPC, Expect.REFUSAL, "INVALID_ARGUMENT", trace))).hasSize(1);
    assertThat(
            faults(reply(Door.ENVIRONMENT, Expect.REFUSAL, "2", "Exception in thread \"main\" x")))
        .hasSize(1);
  }

  @Test
  void tooFewInputsAreRefused() {
    var findings = new BadInputChecker(Map.of(Door.GRPC, 200)).check(List.of(), WELL);
    assertThat(findings.faults()).containsExactly("grpc had 0 of 200 inputs");
  }

  @Test
  void aWorkerThatDidNotSurviveIsRefused() {
    assertThat(CHECKER.check(List.of(), new Afterwards(false, false)).faults())
        .containsExactly("the process ended", "it did no task afterwards");
  }
}
