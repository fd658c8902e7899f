package io.tensorfleet.operator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private static final LeaseTiming TIMING = LeaseTiming.of(Duration.ofSeconds(15));

  private final TestingLease lease = new TestingLease();
  private final Candidate one = new Candidate("one");
  private final Candidate other = new Candidate("other");

  /** One operator, with a clock that its process sees: stopped while it is paused. */
  private final class Candidate implements LeaseKeeper.Listener {
    private Moment now = new Moment(0, Instant.parse("2026-01-01T00:00:00Z"));
    private final Mandate mandate = new Mandate(() -> now);
    private final List<String> heard = new ArrayList<>();
    private final LeaseKeeper keeper;

    Candidate(String name) {
      keeper = new LeaseKeeper(lease, new LeaseForm(name, TIMING), mandate, this);
    }

    @Override
    public void begins() {
      heard.add("begins");
    }

    @Override
    public void lost(String sentence) {
      heard.add(sentence);
    }

    boolean acts() {
      return mandate.getAsBoolean();
    }
  }

  private void pass(Duration time) {
    one.now = one.now.plus(time);
    other.now = other.now.plus(time);
  }

  /** Both go round each second. */
  private void live(int seconds) {
    for (int second = 0; second < seconds; second++) {
      pass(Duration.ofSeconds(1));
      one.keeper.round();
      other.keeper.round();
      assertThat(one.acts() && other.acts()).as("both act").isFalse();
    }
  }

  @Test
  void theFirstActsAndTheOtherWaitsAsLongAsTheLeaseIsRenewed() {
    one.keeper.round();
    live(120);

    assertThat(one.acts()).isTrue();
    assertThat(one.heard).containsExactly("begins");
    assertThat(other.heard).isEmpty();
    assertThat(lease.holder()).isEqualTo("one");
  }

  @Test
  void theOtherTakesOverOnceTheLeaseOfADeadHolderIsOver() {
    one.keeper.round();
    other.keeper.round();

    pass(Duration.ofMillis(14_900));
    other.keeper.round();
    assertThat(other.acts()).isFalse();

    pass(Duration.ofMillis(100));
    other.keeper.round();
    assertThat(other.acts()).isTrue();
    assertThat(lease.read().orElseThrow().getSpec().getLeaseTransitions()).isEqualTo(1);
  }

  @Test
  void whoIsPausedPastItsLeaseDoesNotActWhenItGoesOnAndHearsThatItHasLost() {
    one.keeper.round();
    other.keeper.round();
    pass(Duration.ofSeconds(20));
    other.keeper.round();

    assertThat(one.acts()).as("before it has asked anybody").isFalse();
    one.keeper.round();

    assertThat(one.heard.getLast())
        .isEqualTo("one has lost the Lease tensorfleet-operator to \"other\"");
    pass(Duration.ofSeconds(60));
    one.keeper.round();
    assertThat(one.acts()).as("who has lost it never acts again").isFalse();
  }

  @Test
  void aPauseBetweenARenewalAndItsAnswerGivesNoTimeToAct() {
    lease.beforeWrite = () -> pass(Duration.ofSeconds(11));

    one.keeper.round();

    assertThat(lease.holder()).isEqualTo("one");
    assertThat(one.acts()).isFalse();
    assertThat(one.heard).isEmpty();
  }

  @Test
  void whoCannotRenewStopsActingBeforeAnotherMayTakeOverAndGoesOnWhenNobodyDid() {
    one.keeper.round();
    lease.away = true;
    pass(Duration.ofSeconds(9));
    one.keeper.round();
    assertThat(one.acts()).isTrue();

    pass(Duration.ofSeconds(1));
    one.keeper.round();
    assertThat(one.acts()).isFalse();

    lease.away = false;
    pass(Duration.ofMinutes(10));
    one.keeper.round();
    assertThat(one.acts()).as("nobody held it in between").isTrue();
    assertThat(one.heard).containsExactly("begins", "begins");
  }

  @Test
  void anotherHandOnTheLeaseThatLeavesTheHolderIsNoLoss() {
    one.keeper.round();
    lease.replace(
        new LeaseBuilder(lease.read().orElseThrow())
            .editMetadata()
            .addToAnnotations("a", "b")
            .endMetadata()
            .build());

    one.keeper.round();
    one.keeper.round();

    assertThat(one.acts()).isTrue();
    assertThat(lease.read().orElseThrow().getMetadata().getAnnotations()).containsEntry("a", "b");
  }

  @Test
  void aKeeperThatBreaksDownEndsItsLeadershipAloud() {
    one.keeper.round();
    lease.beforeWrite =
        () -> {
          throw new StackOverflowError("too deep");
        };

    one.keeper.round();

    assertThat(one.acts()).isFalse();
    assertThat(one.heard.getLast())
        .isEqualTo(
            "one cannot keep the Lease tensorfleet-operator any more"
                + " (java.lang.StackOverflowError: too deep)");
  }

  @Test
  void aLeaseThatIsDeletedIsLost() {
    one.keeper.round();
    lease.remove();

    one.keeper.round();

    assertThat(one.acts()).isFalse();
    assertThat(one.heard.getLast()).endsWith("it is gone");
  }

  @Test
  void aLeaseThatIsGivenBackIsTakenAtOnce() {
    one.keeper.round();
    other.keeper.round();

    one.keeper.close();
    other.keeper.round();

    assertThat(one.acts()).isFalse();
    assertThat(other.acts()).isTrue();
    assertThat(lease.holder()).isEqualTo("other");
  }

  @Test
  void whoNeverHeldTheLeaseGivesNothingBack() {
    one.keeper.round();
    other.keeper.round();

    other.keeper.close();

    assertThat(lease.holder()).isEqualTo("one");
    assertThat(one.acts()).isTrue();
  }

  @Test
  void ofTwoThatTakeAtOnceOneActs() {
    lease.beforeWrite =
        () -> {
          lease.beforeWrite = () -> {};
          other.keeper.round();
        };

    one.keeper.round();

    assertThat(other.acts()).isTrue();
    assertThat(one.acts()).isFalse();
  }

  @Test
  void aMachineThatSleptDoesNotActAlthoughItsSteadyClockStoodStill() {
    one.keeper.round();

    one.now = new Moment(one.now.nanos(), one.now.wall().plusSeconds(3_600));

    assertThat(one.acts()).isFalse();
  }
}
