package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.e2e.drill.QuotaChecker.Pool;
import io.tensorfleet.e2e.drill.QuotaChecker.Said;
import io.tensorfleet.e2e.drill.QuotaChecker.Seen;
import io.tensorfleet.e2e.drill.QuotaChecker.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an operator did to Pods that cannot start, good and bad. */
class QuotaCheckerTest {
  private static final QuotaChecker CHECKER = new QuotaChecker(60);
  private static final Map<String, Wanted> WANTED =
      Map.of("small", new Wanted("Degraded", "QuotaExceeded", List.of("limited: pods=3")));
  private static final Pool SMALL = new Pool("small", 10, 3, 12, 8);
  private static final Said NAMED =
      new Said("Degraded", "True", "QuotaExceeded", "no room (limited: pods=3)");
  private static final Map<String, Optional<Long>> SOON = Map.of("elsewhere", Optional.of(900L));

  private static List<String> faults(Seen seen) {
    return CHECKER.check(WANTED, seen).faults();
  }

  private static Seen seen(Pool pool, Said said) {
    return new Seen(
        List.of(pool), Map.of("small", List.of(said)), Map.of("small", List.of("a", "b")), SOON);
  }

  @Test
  void fewAttemptsAndACauseThatIsNamedPass() {
    var findings = CHECKER.check(WANTED, seen(SMALL, NAMED));
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures()).containsEntry("refused", 12).containsEntry("elsewhere_ms", 900L);
  }

  @Test
  void aHotLoopOfCreationsIsRefused() {
    assertThat(faults(seen(new Pool("small", 10, 3, 53, 8), NAMED)))
        .containsExactly("small: 53 creations refused in 60 s, at most 52 are few");
  }

  @Test
  void replacementsWithoutEndAreRefused() {
    assertThat(faults(seen(new Pool("small", 10, 17, 12, 8), NAMED)))
        .containsExactly("small: 17 Pods made for a size of 10, at most 16 are few");
  }

  @Test
  void aHotLoopOfStatusWritesIsRefused() {
    assertThat(faults(seen(new Pool("small", 10, 3, 12, 53), NAMED)))
        .containsExactly("small: 53 writes of its status, at most 52 are few");
  }

  @Test
  void aCauseThatIsNotNamedIsRefused() {
    assertThat(faults(seen(SMALL, new Said("Degraded", "True", "CreateFailed", "no"))))
        .containsExactly(
            "small: Degraded should be True QuotaExceeded and tell of [limited: pods=3]; it is True CreateFailed no");
    assertThat(faults(seen(SMALL, new Said("Degraded", "True", "QuotaExceeded", "no room"))))
        .hasSize(1);
    assertThat(faults(seen(SMALL, new Said("Ready", "False", "WorkersMissing", "3 of 10"))))
        .containsExactly(
            "small: Degraded should be True QuotaExceeded and tell of [limited: pods=3]; it is absent");
  }

  @Test
  void anEventToldTwiceIsRefused() {
    var seen =
        new Seen(
            List.of(SMALL),
            Map.of("small", List.of(NAMED)),
            Map.of("small", List.of("a", "b", "a")),
            SOON);
    assertThat(faults(seen)).containsExactly("small: 1 events said what one had said before");
  }

  @Test
  void capacityThatIsHeldUpElsewhereIsRefused() {
    Map<String, Optional<Long>> late =
        Map.of("elsewhere", Optional.of(60_001L), "resumed", Optional.empty());
    var seen = new Seen(List.of(SMALL), Map.of("small", List.of(NAMED)), Map.of(), late);
    assertThat(faults(seen)).containsExactlyInAnyOrder("elsewhere: 60001 ms", "resumed: never");
  }

  @Test
  void aDrillInWhichNothingWasRefusedIsRefused() {
    assertThat(faults(seen(new Pool("small", 10, 3, 0, 8), NAMED)))
        .containsExactly("no Pod was refused: nothing tried");
  }
}
