package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.e2e.drill.BadPoolsChecker.Afterwards;
import io.tensorfleet.e2e.drill.Reply.Door;
import io.tensorfleet.e2e.drill.Reply.Expect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bad pools may and may not do. */
class BadPoolsCheckerTest {
  private static final BadPoolsChecker CHECKER = new BadPoolsChecker(new BadInputChecker(Map.of()));
  private static final Afterwards WELL = new Afterwards(true, true, true, 0, 60);

  @ParameterizedTest
  @CsvSource({
    "REFUSAL, 422, 'spec.minReplicas must be …'",
    "REFUSAL, 400, strict decoding error",
    "CONDITION, InvalidTemplate, spec.template is no Pod template",
    "ANSWER, 422, 'write host:port'",
    "ANSWER, seen, ''",
    "ANSWER, QueueUnknown, nobody answers",
  })
  void aSentenceOrASilentPoolPasses(Expect expect, String outcome, String text) {
    assertThat(faults(new Reply(Door.RESOURCE, "x", expect, outcome, text), WELL)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSAL, 201, taken",
    "REFUSAL, 422, ''",
    "ANSWER, 500, Internal error",
    "ANSWER, 0, no answer",
    "ANSWER, unseen, ''",
    "CONDITION, 422, refused though it should be taken",
    "CONDITION, seen, ''",
    "CONDITION, InvalidTemplate, ''",
  })
  void whatIsSilentOrBlamesTheServerIsRefused(Expect expect, String outcome, String text) {
    assertThat(faults(new Reply(Door.RESOURCE, "x", expect, outcome, text), WELL)).hasSize(1);
  }

  @Test
  void anOperatorThatIsNotAsBeforeIsRefused() {
    assertThat(CHECKER.check(List.of(), new Afterwards(false, false, false, 3, 6_000)).faults())
        .containsExactly(
            "the process ended",
            "it did no task afterwards",
            "another pool's Pods were replaced",
            "the log has 3 lines of stack traces",
            "the operator writes 6000 times a minute though nothing changes");
  }

  private static List<String> faults(Reply reply, Afterwards afterwards) {
    return CHECKER.check(List.of(reply), afterwards).faults();
  }
}
