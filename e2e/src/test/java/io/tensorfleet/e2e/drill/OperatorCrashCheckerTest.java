package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorCrashCheckerTest {
  private final List<Event> events = new ArrayList<>();
  private long now;

  @Test
  void aHistoryInWhichAllWentWellPasses() {
    wellUntilTheEnd();
    ended();

    assertThat(check().faults()).isEmpty();
    assertThat(check().figures()).containsEntry("kills", 1).containsEntry("made", 2);
  }

  @Test
  void aHistoryInWhichNothingWasTriedDoesNotPass() {
    assertThat(check().pass()).isFalse();
  }

  @Test
  void aKillWithNothingToDoIsNoTry() {
    wellUntilTheEnd();
    events.replaceAll(
        event ->
            event instanceof Event.Noted noted && noted.what().equals(OperatorCrashChecker.KILLED)
                ? new Event.Noted(noted.at(), noted.what(), noted.subject(), 1)
                : event);
    ended();

    assertThat(check().faults()).containsExactly("no operator was killed amidst its work");
  }

  @Test
  void aBusyWorkerThatIsToldToLeaveIsAFault() {
    wellUntilTheEnd();
    made("a-x7k2-9", "u9");
    leaving("a-x7k2-9", "u9", 1);
    ended();

    assertThat(check().faults())
        .anyMatch(fault -> fault.contains("while it held 1"))
        .anyMatch(fault -> fault.contains("without a cordon"));
  }

  @Test
  void aTaskThatIsLostWithItsWorkerIsAFault() {
    wellUntilTheEnd();
    add(new Event.Lost(at(), "a-x7k2-1", "u1", "task-4"));
    ended();

    assertThat(check().faults()).containsExactly("task-4 was lost with a-x7k2-1");
  }

  @Test
  void aWorkerThatIsRemovedWithoutACordonIsAFault() {
    wellUntilTheEnd();
    events.removeIf(event -> event instanceof Event.Cordoned);
    ended();

    assertThat(check().faults()).containsExactly("a-x7k2-0 was removed without a cordon");
  }

  @Test
  void aBusyAnswerIsNoCordon() {
    wellUntilTheEnd();
    events.replaceAll(
        event ->
            event instanceof Event.Cordoned cordoned
                ? new Event.Cordoned(cordoned.at(), cordoned.worker(), "u0", "BUSY")
                : event);
    ended();

    assertThat(check().faults()).containsExactly("a-x7k2-0 was removed without a cordon");
  }

  @Test
  void aPodMoreThanWantedIsAFaultAlthoughItIsGoneInTheEnd() {
    wellUntilTheEnd();
    now += 60_000;
    made("a-x7k2-2", "u2");
    gone("a-x7k2-2", "u2");
    ended();

    assertThat(check().faults()).hasSize(1).first().asString().contains("one of 2 where 1");
  }

  @Test
  void aPodThatWasWantedAMomentAgoIsNone() {
    wellUntilTheEnd();
    noted(PodStory.WANTED, "a", 2);
    noted(PodStory.WANTED, "a", 1);
    made("a-x7k2-2", "u2");
    gone("a-x7k2-2", "u2");
    ended();

    assertThat(check().faults()).isEmpty();
  }

  @Test
  void anEndWithAPodTooFewOrAnotherDesiredSizeIsAFault() {
    wellUntilTheEnd();
    noted(PodStory.PODS, "a", 0);
    noted(PodStory.DESIRED, "a", 2);
    ended();

    assertThat(check().faults())
        .containsExactly(
            "a ended with 0 Pods, wanted 1", "a ended with 2 as desiredReplicas, wanted 1");
  }

  @Test
  void aPodThatOutlivesItsPoolIsAFault() {
    wellUntilTheEnd();
    ended();
    noted(OperatorCrashChecker.ORPHANED, "", 1);

    assertThat(check().faults()).containsExactly("1 Pods are left of pools that want none");
  }

  @Test
  void aWorkerLeftCordonedIsAFault() {
    wellUntilTheEnd();
    noted(PodStory.CORDONED_LEFT, "", 1);
    ended();

    assertThat(check().faults()).containsExactly("1 workers were left cordoned");
  }

  @Test
  void aPodThatTheApiServerMadeAndNobodySawIsAFault() {
    wellUntilTheEnd();
    asked("create");
    ended();

    assertThat(check().faults()).containsExactly("the API server made 3 Pods, the kubelet saw 2");
  }

  private Findings check() {
    return new OperatorCrashChecker(1)
        .check(events.stream().sorted(java.util.Comparator.comparing(Event::at)).toList());
  }

  /** Two Pods come, one goes after a cordon, an operator is killed, one Pod is wanted and there. */
  private void wellUntilTheEnd() {
    noted(PodStory.WANTED, "a", 2);
    made("a-x7k2-0", "u0");
    made("a-x7k2-1", "u1");
    noted(OperatorCrashChecker.KILLED, "operator-1", 0);
    noted(PodStory.WANTED, "a", 1);
    now += 10_000;
    add(new Event.Cordoned(at(), "a-x7k2-0", "u0", "CORDONED"));
    leaving("a-x7k2-0", "u0", 0);
    gone("a-x7k2-0", "u0");
    asked("delete");
    noted(OperatorCrashChecker.SETTLED_MS, "", 5);
    noted(PodStory.PODS, "a", 1);
    noted(PodStory.DESIRED, "a", 1);
    noted(PodStory.CORDONED_LEFT, "", 0);
  }

  private void ended() {
    noted(OperatorCrashChecker.ENDED, "", 0);
    noted(OperatorCrashChecker.ORPHANED, "", 0);
  }

  private void made(String pod, String uid) {
    add(new Event.PodMade(at(), pod, uid));
    add(new Event.PodReady(at(), pod, uid));
    asked("create");
  }

  private void leaving(String pod, String uid, int held) {
    add(new Event.PodLeaving(at(), pod, uid, held));
  }

  private void gone(String pod, String uid) {
    add(new Event.PodGone(at(), pod, uid));
  }

  private void asked(String verb) {
    var request =
        new Audit.Request(
            verb,
            "pods",
            "",
            "n",
            "a-x7k2-0",
            "system:serviceaccount:" + Cluster.OPERATORS + ":o",
            "o",
            201,
            Instant.EPOCH);
    add(new Event.Asked(at(), request));
  }

  private void noted(String what, String subject, long value) {
    add(new Event.Noted(at(), what, subject, value));
  }

  private void add(Event event) {
    events.add(event);
  }

  private Duration at() {
    return Duration.ofMillis(++now);
  }
}
