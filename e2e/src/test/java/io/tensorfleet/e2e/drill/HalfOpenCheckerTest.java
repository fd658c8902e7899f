package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of cut connections, good and bad. */
class HalfOpenCheckerTest {
  private static final HalfOpenChecker CHECKER = new HalfOpenChecker();

  private static Event.Noted noted(int second, String what, String subject, long value) {
    return new Event.Noted(Duration.ofSeconds(second), what, subject, value);
  }

  private static List<Event> history(int workerNotices, int orchestratorNotices, int connects) {
    List<Event> events = new ArrayList<>(List.of(noted(1, "cut", "", 0)));
    for (String worker : HalfOpenChecker.WORKERS) {
      events.add(noted(1 + workerNotices, "worker_noticed", worker, 0));
      events.add(noted(1 + orchestratorNotices, "orchestrator_noticed", worker, 0));
      events.add(noted(36, "recovered", worker, 0));
    }
    events.add(noted(31, "connects", "", connects));
    events.add(noted(31, "mended", "", 0));
    events.add(new Event.Ended(Duration.ofSeconds(40), "t", "COMPLETED", 1));
    return events;
  }

  @Test
  void bothSidesThatNoticeInTimePass() {
    var findings = CHECKER.check(history(10, 15, 12));
    assertThat(findings.faults()).isEmpty();
    assertThat(findings.figures())
        .containsEntry("busy_worker_noticed_ms", 10_000L)
        .containsEntry("idle_recovered_ms", 5_000L)
        .containsEntry("connects", 12L);
  }

  @Test
  void aWorkerThatNoticesLateIsRefused() {
    assertThat(CHECKER.check(history(16, 10, 12)).faults())
        .containsExactly(
            "busy: worker_noticed after 16000 ms", "idle: worker_noticed after 16000 ms");
  }

  @Test
  void anOrchestratorThatNoticesLateIsRefused() {
    assertThat(CHECKER.check(history(10, 16, 12)).faults()).hasSize(2);
  }

  @Test
  void aStormOfConnectsIsRefused() {
    assertThat(CHECKER.check(history(10, 10, 41)).faults())
        .containsExactly("41 connects in 30 s: at most 40 are right");
  }

  @Test
  void whoNeverTriesAgainIsRefused() {
    assertThat(CHECKER.check(history(10, 10, 0)).faults())
        .containsExactly("nobody tried to connect again");
  }

  @Test
  void whoNeverComesBackIsRefused() {
    var events = history(10, 10, 12);
    events.removeIf(e -> e instanceof Event.Noted noted && noted.what().equals("recovered"));
    assertThat(CHECKER.check(events).faults()).hasSize(2);
    events.removeIf(Event.Ended.class::isInstance);
    assertThat(CHECKER.check(events).faults()).contains("no task completed when the cut was over");
  }

  @Test
  void aHistoryInWhichNothingHappenedIsRefused() {
    assertThat(CHECKER.check(List.of()).pass()).isFalse();
  }
}
