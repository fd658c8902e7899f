package io.tensorfleet.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.crds.Needs;
import io.tensorfleet.crds.Offer;
import io.tensorfleet.operator.policy.QueueView.Known;
import io.tensorfleet.operator.policy.QueueView.TaskClass;
import io.tensorfleet.operator.policy.QueueView.Unserved;
import io.tensorfleet.operator.policy.Shares.Member;
import io.tensorfleet.operator.policy.Shares.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How the work of one queue is divided among its pools. */
class SharesTest {
  private static final Needs TWO_GPUS = new Needs(2, 0, Map.of());
  private static final Offer PLAIN = Offer.unknown();
  private static final Offer GPUS = new Offer(OptionalInt.of(2), OptionalLong.empty(), Map.of());

  @Test
  void aTaskGoesToTheLeastOfferThatSuffices() {
    Map<String, Known> parts =
        Shares.of(
            work(any(10), gpu(4)),
            List.of(member("gpu", GPUS, 0, 10), member("cpu", PLAIN, 0, 10)));

    assertThat(waiting(parts, "cpu")).isEqualTo(10);
    assertThat(waiting(parts, "gpu")).isEqualTo(4);
  }

  @Test
  void whatHasNoRoomInTheBestPoolFlowsToTheNext() {
    Map<String, Known> parts =
        Shares.of(
            work(any(10), gpu(4)), List.of(member("gpu", GPUS, 0, 10), member("cpu", PLAIN, 0, 2)));

    assertThat(waiting(parts, "cpu")).isEqualTo(6);
    assertThat(waiting(parts, "gpu")).isEqualTo(8);
    assertThat(part(parts, "cpu").rest().waitingElsewhere()).isEqualTo(8);
  }

  @Test
  void whatHasNoRoomAnywhereStaysWithTheFirstThatMayGrow() {
    Map<String, Known> parts =
        Shares.of(work(any(100)), List.of(member("gpu", GPUS, 0, 2), member("cpu", PLAIN, 0, 2)));

    assertThat(waiting(parts, "cpu")).isEqualTo(94);
    assertThat(waiting(parts, "gpu")).isEqualTo(6);
  }

  @Test
  void slotsThatAreFreeNowCountFirstWhereverTheyAre() {
    Member idleGpu = new Member("gpu", GPUS, new Standing(3, 2, 10, 0, 0), 4);
    Map<String, Known> parts =
        Shares.of(work(any(5)), List.of(idleGpu, member("cpu", PLAIN, 0, 10)));

    assertThat(waiting(parts, "gpu")).isEqualTo(2);
    assertThat(waiting(parts, "cpu")).isEqualTo(3);
  }

  @Test
  void whoCanGoToOnePoolOnlyChoosesFirst() {
    Map<String, Known> parts =
        Shares.of(
            work(any(6), gpu(3)),
            List.of(
                new Member("gpu", GPUS, new Standing(3, 1, 1, 0, 0), 0),
                member("cpu", PLAIN, 0, 10)));

    assertThat(part(parts, "gpu").classes()).extracting(TaskClass::needs).containsOnly(TWO_GPUS);
    assertThat(waiting(parts, "gpu")).isEqualTo(3);
    assertThat(waiting(parts, "cpu")).isEqualTo(6);
  }

  @Test
  void runningWorkBelongsToThePoolWhoseWorkersHoldIt() {
    Map<String, Known> parts =
        Shares.of(
            work(any(0)),
            List.of(
                new Member("one", PLAIN, new Standing(3, 2, 10, 0, 0), 5),
                new Member("two", PLAIN, new Standing(3, 2, 10, 0, 0), 1)));

    assertThat(part(parts, "one").running()).isEqualTo(5);
    assertThat(part(parts, "two").running()).isEqualTo(1);
  }

  @Test
  void whatNobodyOffersIsInNoPartAndToldToAll() {
    Map<String, Known> parts =
        Shares.of(
            work(any(1), gpu(12)), List.of(member("a", PLAIN, 0, 10), member("b", PLAIN, 0, 10)));

    assertThat(waiting(parts, "a") + waiting(parts, "b")).isEqualTo(1);
    assertThat(parts.values())
        .allSatisfy(
            known ->
                assertThat(known.rest().unserved()).containsExactly(new Unserved(TWO_GPUS, 12)));
  }

  @Test
  void whatAWorkerOutsideThePoolsOffersIsServed() {
    var work = new Work(List.of(gpu(12)), 0, 0, Set.of(GPUS));
    Map<String, Known> parts = Shares.of(work, List.of(member("a", PLAIN, 0, 10)));

    assertThat(part(parts, "a").rest().unserved()).isEmpty();
    assertThat(waiting(parts, "a")).isZero();
  }

  @Test
  void tasksThatWillBeTriedAgainKeepAPoolThatCanServeThem() {
    TaskClass backingOff = new TaskClass("nn", 0, 0, 0, TWO_GPUS, 3);
    Map<String, Known> parts =
        Shares.of(
            new Work(List.of(backingOff), 5, 0, Set.of()),
            List.of(member("cpu", PLAIN, 1, 10), member("gpu", GPUS, 1, 10)));

    assertThat(part(parts, "gpu").delayed()).isEqualTo(3);
    assertThat(part(parts, "cpu").delayed()).isEqualTo(2);
  }

  @Test
  void withADrainTimeAPoolHasRoomForMoreTasksThanSlots() {
    TaskClass quick = new TaskClass("quick", 100, 0, 6, Needs.nothing(), 0);
    Map<String, Known> parts =
        Shares.of(
            new Work(List.of(quick), 0, 0, Set.of()),
            List.of(
                new Member("cpu", PLAIN, new Standing(1, 0, 5, 0, 60), 0),
                member("gpu", GPUS, 0, 10)));

    assertThat(waiting(parts, "cpu")).isEqualTo(50 + 20);
    assertThat(waiting(parts, "gpu")).isEqualTo(30);
  }

  private static Work work(TaskClass... classes) {
    return new Work(Arrays.asList(classes), 0, 0, Set.of());
  }

  private static TaskClass any(long waiting) {
    return new TaskClass("any", waiting, 0, 0);
  }

  private static TaskClass gpu(long waiting) {
    return new TaskClass("gpu", waiting, 0, 0, TWO_GPUS, 0);
  }

  private static Member member(String pool, Offer offer, int supply, int most) {
    return new Member(pool, offer, new Standing(3, supply, most, 0, 0), 0);
  }

  private static Known part(Map<String, Known> parts, String pool) {
    return Objects.requireNonNull(parts.get(pool));
  }

  private static long waiting(Map<String, Known> parts, String pool) {
    return part(parts, pool).waiting();
  }
}
