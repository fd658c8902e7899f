package io.tensorfleet.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnconfirmedTest {
  private static final Instant NOON = Pools.NOON;

  private final Unconfirmed unconfirmed = new Unconfirmed();
  private final Pod pod = Pools.pod("demo-0");

  @Test
  void aPodThatNoWatchBringsIsLookedForAfterAWhile() {
    unconfirmed.made(pod, NOON);

    assertThat(overdue(NOON.plus(Unconfirmed.PATIENCE).minusMillis(1))).isEmpty();
    assertThat(overdue(NOON.plus(Unconfirmed.PATIENCE))).containsExactly(pod);
  }

  @Test
  void whoeverIsLookedForIsNotLookedForAgainAtOnce() {
    unconfirmed.made(pod, NOON);
    Instant later = NOON.plus(Unconfirmed.PATIENCE);
    overdue(later);

    assertThat(overdue(later.plusSeconds(1))).isEmpty();
    assertThat(overdue(later.plus(Unconfirmed.PATIENCE))).containsExactly(pod);
  }

  @Test
  void aPodThatTheWatchBroughtIsNotLookedFor() {
    unconfirmed.made(pod, NOON);
    unconfirmed.seen(pod);

    assertThat(overdue(NOON.plus(Unconfirmed.PATIENCE))).isEmpty();
  }

  private List<Pod> overdue(Instant now) {
    return unconfirmed.overdue(_ -> true, now);
  }
}
