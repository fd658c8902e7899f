package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tensorfleet.operator.pool.Unconfirmed.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnconfirmedTest {
  private static final ResourceID DEMO = new ResourceID("demo", "default");
  private static final ResourceID OTHER = new ResourceID("other", "default");
  private static final Instant DUE = Pools.NOON.plus(Unconfirmed.PATIENCE);

  private final Unconfirmed unconfirmed = new Unconfirmed();
  private final List<Pod> lookedFor = new ArrayList<>();
  private final Pod pod = Pools.pod("demo-0");

  @Test
  void aPodThatNoWatchBringsIsLookedForAfterAWhile() {
    unconfirmed.made(DEMO, pod, Pools.NOON);

    assertThat(vanished(DUE.minusMillis(1), Found.GONE)).isEmpty();
    assertThat(vanished(DUE, Found.GONE)).containsExactly(pod);
    assertThat(lookedFor).containsExactly(pod);
  }

  @Test
  void whoIsGoneIsNotLookedForAgain() {
    unconfirmed.made(DEMO, pod, Pools.NOON);
    vanished(DUE, Found.GONE);

    assertThat(vanished(DUE.plus(Duration.ofDays(1)), Found.GONE)).isEmpty();
  }

  /** It may be removed while the watch is still broken, and then no watch ever tells of it. */
  @Test
  void whoIsFoundIsLookedForAgainMoreAndMoreRarely() {
    unconfirmed.made(DEMO, pod, Pools.NOON);
    List<Integer> at = new ArrayList<>();
    for (int second = 1; second <= 1_300; second++) {
      vanished(Pools.NOON.plusSeconds(second), Found.THERE);
      if (lookedFor.size() > at.size()) {
        at.add(second);
      }
    }

    assertThat(at).containsExactly(5, 15, 35, 75, 155, 315, 615, 915, 1_215);
  }

  @Test
  void aPodThatTheWatchBroughtIsNotLookedFor() {
    unconfirmed.made(DEMO, pod, Pools.NOON);
    unconfirmed.seen(DEMO, pod);

    assertThat(vanished(DUE, Found.GONE)).isEmpty();
    assertThat(lookedFor).isEmpty();
  }

  @Test
  void atMostTwentyAreLookedForAtOnceAndEachInItsTurn() {
    for (int n = 0; n < 50; n++) {
      unconfirmed.made(DEMO, Pools.pod("demo-" + n), Pools.NOON);
    }

    vanished(DUE, Found.THERE);
    assertThat(lookedFor).hasSize(20);
    vanished(DUE, Found.THERE);
    vanished(DUE, Found.THERE);
    vanished(DUE, Found.THERE);

    assertThat(lookedFor).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void whereNobodyAnswersNoMoreAreAskedFor() {
    for (int n = 0; n < 50; n++) {
      unconfirmed.made(DEMO, Pools.pod("demo-" + n), Pools.NOON);
    }

    vanished(DUE, Found.UNKNOWN);

    assertThat(lookedFor).hasSize(1);
  }

  @Test
  void anotherPoolsPodsAreNotLookedFor() {
    unconfirmed.made(OTHER, Pools.pod("other-0"), Pools.NOON);

    assertThat(vanished(DUE, Found.GONE)).isEmpty();
    assertThat(lookedFor).isEmpty();
  }

  @Test
  void ofAPoolThatIsGoneNothingIsKept() {
    unconfirmed.made(DEMO, pod, Pools.NOON);

    assertThat(unconfirmed.forget(DEMO)).containsExactly(pod);
    assertThat(vanished(DUE, Found.GONE)).isEmpty();
  }

  private List<Pod> vanished(Instant now, Found found) {
    return unconfirmed.vanished(
        DEMO,
        now,
        it -> {
          lookedFor.add(it);
          return found;
        });
  }
}
