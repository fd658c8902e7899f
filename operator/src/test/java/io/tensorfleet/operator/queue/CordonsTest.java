package io.tensorfleet.operator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.operator.FakeQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CordonsTest {
  private final FakeQueue orchestrator = new FakeQueue();
  private final Channels channels = Channels.plaintext();

  @AfterEach
  void stop() {
    channels.close();
    orchestrator.close();
  }

  @Test
  void aBusyWorkerIsNotCordonedAndAnUnknownOneIsNot() {
    orchestrator.worker("idle", 0);
    orchestrator.worker("busy", 2);

    assertThat(cordon("idle", "first", () -> true)).isEqualTo(new Cordons.Answer.Cordoned("first"));
    assertThat(cordon("busy", "first", () -> true)).isEqualTo(new Cordons.Answer.Busy(2));
    assertThat(cordon("idle", "second", () -> true)).isEqualTo(new Cordons.Answer.Unknown());
  }

  @Test
  void anOrchestratorThatIsAwayIsAFailedAnswer() {
    orchestrator.close();

    assertThat(cordon("w", "", () -> true))
        .isInstanceOfSatisfying(
            Cordons.Answer.Failed.class,
            failed -> assertThat(failed.reason()).contains("w").contains("UNAVAILABLE"));
  }

  @Test
  void anAttemptThatMetNobodyIsRepeated() {
    orchestrator.worker("idle", 0);
    orchestrator.awayForCordons(2);

    assertThat(cordon("idle", "first", () -> true)).isEqualTo(new Cordons.Answer.Cordoned("first"));
    assertThat(orchestrator.askedToCordon()).isEqualTo(3);
  }

  @Test
  void nothingIsAskedByWhoMayNotAct() {
    orchestrator.worker("idle", 0);

    assertThat(cordon("idle", "first", () -> false)).isInstanceOf(Cordons.Answer.Failed.class);
    assertThat(orchestrator.askedToCordon()).isZero();
  }

  @Test
  void noAttemptIsRepeatedByWhoMayNotActAnyMore() {
    orchestrator.worker("idle", 0);
    orchestrator.awayForCordons(1);

    var answer = cordon("idle", "first", () -> orchestrator.askedToCordon() == 0);

    assertThat(answer)
        .isInstanceOfSatisfying(
            Cordons.Answer.Failed.class,
            failed -> assertThat(failed.reason()).contains("this operator does not act now"));
    assertThat(orchestrator.askedToCordon()).isEqualTo(1);
    assertThat(orchestrator.cordoned()).isEmpty();
  }

  private Cordons.Answer cordon(String worker, String incarnation, BooleanSupplier mayAct) {
    return Cordons.overGrpc(channels, mayAct)
        .cordonIfIdle(orchestrator.address(), worker, incarnation, "test");
  }
}
