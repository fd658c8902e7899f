package io.tensorfleet.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.tensorfleet.proto.v1.Capabilities;
import io.tensorfleet.proto.v1.Requirements;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who gets what when there is less credit than work. */
class FairShareTest {
  private static final Requirements NOTHING = Requirements.getDefaultInstance();

  private static Offer offer(long session, int credit, int gpus, Map<String, String> labels) {
    Capabilities can = Capabilities.newBuilder().setGpuCount(gpus).setMemoryBytes(1000).build();
    return new Offer(session, credit, can, labels, Set.of("default"));
  }

  private static Offer offer(long session, int credit) {
    return offer(session, credit, 0, Map.of());
  }

  private static Demand demand(long job, int priority, int waiting, int running) {
    return new Demand(job, 1, "default", priority, waiting, running, NOTHING);
  }

  private static int given(List<Share> shares, long job) {
    return shares.stream().filter(s -> s.jobNo() == job).mapToInt(Share::tasks).sum();
  }

  @Test
  void aHugeJobDoesNotStarveASmallOne() {
    List<Share> shares =
        FairShare.divide(
            List.of(offer(1, 20)), List.of(demand(1, 0, 100_000, 0), demand(2, 0, 10, 0)), 1000);
    assertThat(given(shares, 1)).isEqualTo(10);
    assertThat(given(shares, 2)).isEqualTo(10);
  }

  @Test
  void whatRunsAlreadyCountsAsShare() {
    List<Share> shares =
        FairShare.divide(
            List.of(offer(1, 5)), List.of(demand(1, 0, 100, 5), demand(2, 0, 100, 0)), 1000);
    assertThat(given(shares, 2)).isEqualTo(5);
    assertThat(given(shares, 1)).isZero();
  }

  @Test
  void higherPriorityGoesFirst() {
    List<Share> shares =
        FairShare.divide(
            List.of(offer(1, 5)), List.of(demand(1, 0, 100, 0), demand(2, 7, 4, 90)), 1000);
    assertThat(given(shares, 2)).isEqualTo(4);
    assertThat(given(shares, 1)).isEqualTo(1);
  }

  @Test
  void nobodyGetsMoreThanItsCreditNorMoreThanIsWantedAtOnce() {
    List<Offer> offers = List.of(offer(1, 3), offer(2, 4));
    List<Share> shares = FairShare.divide(offers, List.of(demand(1, 0, 100, 0)), 1000);
    assertThat(shares.stream().filter(s -> s.sessionNo() == 1).mapToInt(Share::tasks).sum())
        .isEqualTo(3);
    assertThat(shares.stream().filter(s -> s.sessionNo() == 2).mapToInt(Share::tasks).sum())
        .isEqualTo(4);
    assertThat(given(FairShare.divide(offers, List.of(demand(1, 0, 100, 0)), 2), 1)).isEqualTo(2);
  }

  @Test
  void noMoreIsGivenThanWaits() {
    assertThat(given(FairShare.divide(List.of(offer(1, 30)), List.of(demand(1, 0, 2, 0)), 1000), 1))
        .isEqualTo(2);
  }

  @Test
  void aTaskGoesOnlyToAWorkerThatMeetsItsRequirements() {
    Requirements needs =
        Requirements.newBuilder().setGpuCount(1).setMemoryBytes(500).putLabels("zone", "a").build();
    Demand demand = new Demand(1, 1, "default", 0, 10, 0, needs);
    List<Offer> unfit =
        List.of(
            offer(1, 5, 0, Map.of("zone", "a")),
            offer(2, 5, 1, Map.of("zone", "b")),
            offer(3, 5, 1, Map.of()));
    assertThat(FairShare.divide(unfit, List.of(demand), 1000)).isEmpty();
    List<Share> shares =
        FairShare.divide(
            List.of(offer(4, 5, 2, Map.of("zone", "a", "x", "y"))), List.of(demand), 1000);
    assertThat(given(shares, 1)).isEqualTo(5);
  }

  @Test
  void aDemandThatNobodyCanServeDoesNotBlockOthers() {
    Demand hard =
        new Demand(1, 1, "default", 9, 10, 0, Requirements.newBuilder().setGpuCount(8).build());
    assertThat(
            given(
                FairShare.divide(List.of(offer(1, 3)), List.of(hard, demand(2, 0, 5, 0)), 1000), 2))
        .isEqualTo(3);
  }

  @Test
  void plainTasksLeaveWorkersWithGpusFree() {
    List<Share> shares =
        FairShare.divide(
            List.of(offer(1, 2, 4, Map.of()), offer(2, 2)), List.of(demand(1, 0, 1, 0)), 1000);
    assertThat(shares).extracting(Share::sessionNo).containsExactly(2L);
  }

  @Test
  void anotherQueuesTasksAreNotTaken() {
    Demand other = new Demand(1, 1, "other", 0, 10, 0, NOTHING);
    assertThat(FairShare.divide(List.of(offer(1, 3)), List.of(other), 1000)).isEmpty();
  }
}
