package io.tensorfleet.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.local.node.PodLife.Action;
import io.tensorfleet.local.node.PodLife.Memory;
import io.tensorfleet.local.node.PodLife.Probes;
import io.tensorfleet.local.node.PodLife.Seen;
import io.tensorfleet.local.node.PodLife.Step;
import io.tensorfleet.local.node.PodLife.View;
import io.tensorfleet.local.node.PodPlan.BackOff;
import io.tensorfleet.local.node.PodPlan.Restart;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodLifeTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final PodPlan PROBED =
      new PodPlan(Restart.ALWAYS, Duration.ofSeconds(30), true, true, BackOff.KUBELET);
  private static final Run.Running RUNNING = new Run.Running(7, T0);
  private static final Probes WELL = new Probes(true, true, true);

  private static PodPlan restarting(Restart restart) {
    return new PodPlan(restart, Duration.ofSeconds(30), false, false, BackOff.KUBELET);
  }

  private static Step next(PodPlan plan, Memory memory, Run run, Probes probes, Instant now) {
    return PodLife.next(plan, memory, new Seen(run, probes, false, now));
  }

  private static Step deleted(Memory memory, Run run, Instant now) {
    return PodLife.next(PROBED, memory, new Seen(run, WELL, true, now));
  }

  private static Run.Ended ended(int code, int afterSeconds) {
    return new Run.Ended(code, T0, T0.plusSeconds(afterSeconds));
  }

  @Test
  void aNewPodIsStarted() {
    var step = next(PROBED, Memory.NONE, new Run.NotStarted(), Probes.SILENT, T0);

    assertThat(step.action()).isEqualTo(Action.START);
    assertThat(step.view()).isEqualTo(new View.Waiting("ContainerCreating", ""));
  }

  @Test
  void aPodDeletedBeforeItsStartIsForgotten() {
    assertThat(deleted(Memory.NONE, new Run.NotStarted(), T0).action()).isEqualTo(Action.FORGET);
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, false, false",
    "false, true,  false, false",
    "true,  false, true,  false",
    "true,  true,  true,  true"
  })
  void aProbedPodIsReadyWhenItHasStartedAndAnswers(
      boolean started, boolean ready, boolean showsStarted, boolean showsReady) {
    var step = next(PROBED, Memory.NONE, RUNNING, new Probes(started, ready, true), T0);

    assertThat(step.action()).isEqualTo(Action.NOTHING);
    assertThat(step.view()).isEqualTo(new View.Running(T0, showsStarted, showsReady));
  }

  @Test
  void aPodWithoutProbesIsReadyAtOnce() {
    var step = next(restarting(Restart.ALWAYS), Memory.NONE, RUNNING, Probes.SILENT, T0);

    assertThat(step.view()).isEqualTo(new View.Running(T0, true, true));
  }

  @Test
  void aDeletedPodGetsSigtermOnceAndSigkillOnlyAfterItsGrace() {
    var first = deleted(Memory.NONE, RUNNING, T0);
    assertThat(first.action()).isEqualTo(Action.TERMINATE);
    assertThat(first.wakeAt()).contains(T0.plusSeconds(30));

    var within = deleted(first.memory(), RUNNING, T0.plusMillis(29_999));
    assertThat(within.action()).isEqualTo(Action.NOTHING);
    assertThat(within.wakeAt()).contains(T0.plusSeconds(30));

    var after = deleted(within.memory(), RUNNING, T0.plusSeconds(30));
    assertThat(after.action()).isEqualTo(Action.KILL);
  }

  @Test
  void aDeletedPodWhoseProgramHasEndedIsForgottenWithItsExitCode() {
    var step = deleted(Memory.NONE, ended(143, 5), T0.plusSeconds(5));

    assertThat(step.action()).isEqualTo(Action.FORGET);
    assertThat(step.view()).isEqualTo(new View.Terminated(ended(143, 5)));
  }

  @ParameterizedTest
  @CsvSource({
    "NEVER,      0, false", "NEVER,      1, false",
    "ON_FAILURE, 0, false", "ON_FAILURE, 1, true",
    "ALWAYS,     0, true", "ALWAYS,     1, true"
  })
  void aProgramThatEndedIsStartedAgainAsItsPolicySays(Restart policy, int code, boolean again) {
    var step = next(restarting(policy), Memory.NONE, ended(code, 1), WELL, T0.plusSeconds(1));

    assertThat(step.action()).isEqualTo(again ? Action.START : Action.NOTHING);
    assertThat(step.memory().restarts()).isEqualTo(again ? 1 : 0);
    assertThat(step.view() instanceof View.Terminated).isEqualTo(!again);
  }

  @Test
  void aProgramThatKeepsEndingWaitsLongerEachTime() {
    var memory = new Memory(3, 3, Optional.empty(), Optional.empty());
    var end = ended(1, 1);

    var tooEarly = next(PROBED, memory, end, WELL, end.at().plusSeconds(39));
    assertThat(tooEarly.action()).isEqualTo(Action.NOTHING);
    assertThat(tooEarly.view())
        .isInstanceOfSatisfying(
            View.Waiting.class, w -> assertThat(w.reason()).isEqualTo("CrashLoopBackOff"));
    assertThat(tooEarly.memory().last()).contains(end);
    assertThat(tooEarly.wakeAt()).contains(end.at().plusSeconds(40));

    var inTime = next(PROBED, tooEarly.memory(), end, WELL, end.at().plusSeconds(40));
    assertThat(inTime.action()).isEqualTo(Action.START);
    assertThat(inTime.memory().restarts()).isEqualTo(4);
    assertThat(inTime.memory().crashes()).isEqualTo(4);
  }

  @Test
  void aLongRunForgivesEarlierCrashes() {
    var memory = new Memory(9, 9, Optional.empty(), Optional.empty());
    var end = ended(1, 600);

    var step = next(PROBED, memory, end, WELL, end.at());

    assertThat(step.action()).isEqualTo(Action.START);
    assertThat(step.memory().crashes()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 10", "3, 20", "4, 40", "5, 80", "6, 160", "7, 300", "1000, 300"})
  void theBackOffDoublesUpToFiveMinutes(int crashes, int seconds) {
    assertThat(BackOff.KUBELET.after(crashes)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aProgramThatIsNotAliveAnyMoreByItsProbeIsTerminatedAndStartedAgain() {
    var dead = next(PROBED, Memory.NONE, RUNNING, new Probes(true, true, false), T0);
    assertThat(dead.action()).isEqualTo(Action.TERMINATE);

    var again = next(PROBED, dead.memory(), ended(143, 1), WELL, T0.plusSeconds(1));
    assertThat(again.action()).isEqualTo(Action.START);
    assertThat(again.memory().stopping()).isEmpty();
  }

  @Test
  void anImpossiblePodWaitsWithItsReasonUntilItIsDeleted() {
    var impossible = new Run.Impossible("ImagePullBackOff", "no such image");

    var step = next(PROBED, Memory.NONE, impossible, Probes.SILENT, T0);
    assertThat(step.action()).isEqualTo(Action.NOTHING);
    assertThat(step.view()).isEqualTo(new View.Waiting("ImagePullBackOff", "no such image"));
    assertThat(deleted(Memory.NONE, impossible, T0).action()).isEqualTo(Action.FORGET);
  }
}
