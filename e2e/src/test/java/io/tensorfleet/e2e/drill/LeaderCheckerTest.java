package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderCheckerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final LeaderChecker CHECKER =
      new LeaderChecker(Duration.ofSeconds(20), Duration.ofSeconds(10));

  private final List<Audit.Request> requests = new ArrayList<>();
  private final List<LeaderAction> actions = new ArrayList<>();

  private static Audit.Request request(String verb, String resource, String by, int code, int at) {
    return new Audit.Request(
        verb,
        resource,
        "",
        "n",
        resource.equals("leases") ? LeaderChecker.LEASE : "x",
        "system:serviceaccount:" + Cluster.OPERATORS + ":" + by,
        by,
        code,
        START.plusSeconds(at));
  }

  private LeaderCheckerTest lease(String by, int at) {
    requests.add(request("update", "leases", by, 200, at));
    return this;
  }

  private LeaderCheckerTest writes(String by, int at) {
    requests.add(request("create", "pods", by, 201, at));
    return this;
  }

  private LeaderCheckerTest action(LeaderAction.Kind kind, String on, int at) {
    actions.add(new LeaderAction(kind, on, START.plusSeconds(at)));
    return this;
  }

  private Findings check() {
    return CHECKER.check(requests, actions, "");
  }

  @Test
  void aTakeoverInTimeByOneThatHoldsTheLeaseHolds() {
    Findings findings =
        lease("a", 0)
            .writes("a", 1)
            .action(LeaderAction.Kind.KILL, "a", 2)
            .lease("b", 16)
            .writes("b", 17)
            .check();

    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures()).containsEntry("kill_gap_max_ms", 15_000L);
  }

  @Test
  void aWriteAfterAnotherOneTookTheLeaseIsFound() {
    Findings findings =
        lease("a", 0)
            .action(LeaderAction.Kind.STOP, "a", 2)
            .lease("b", 16)
            .writes("b", 17)
            .action(LeaderAction.Kind.CONT, "a", 18)
            .writes("a", 18)
            .check();

    assertThat(findings.faults()).singleElement().asString().contains("without the Lease");
    assertThat(findings.figures())
        .containsEntry("acted_at_once", 1)
        .containsEntry("written_after_a_pause", 1L);
  }

  @Test
  void aWriteThatWasRefusedHasLeftAllTheSame() {
    lease("a", 0).writes("a", 1).lease("b", 16).writes("b", 17);
    requests.add(request("delete", "pods", "a", 409, 18));

    assertThat(check().pass()).isFalse();
  }

  @Test
  void aWriteBeforeAnybodyHeldTheLeaseIsFound() {
    assertThat(writes("a", 0).lease("a", 1).writes("a", 2).check().pass()).isFalse();
  }

  @Test
  void aLateTakeoverAndOneThatNeverCameAreFound() {
    Findings late =
        lease("a", 0)
            .writes("a", 1)
            .action(LeaderAction.Kind.KILL, "a", 2)
            .lease("b", 23)
            .writes("b", 24)
            .action(LeaderAction.Kind.TERM, "b", 30)
            .check();

    assertThat(late.faults())
        .hasSize(2)
        .anySatisfy(f -> assertThat(f).contains("only after 22000 ms"))
        .anySatisfy(f -> assertThat(f).contains("never"));
  }

  @Test
  void aRunInWhichNobodyActedProvesNothing() {
    assertThat(lease("a", 0).check().pass()).isFalse();
  }
}
