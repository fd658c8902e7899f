package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.pool.Pools.pod;
import static io.tensorfleet.operator.pool.Pools.podName;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.pods.Blueprint;
import io.tensorfleet.operator.pods.Labels;
import io.tensorfleet.operator.policy.ScalePlan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods that no watch has brought, and whose workers the orchestrator lists. */
class UnseenPodsTest {
  private static final String STABLE = "stable";

  private final FakePods pods = new FakePods();
  private final Parallel parallel = new Parallel();
  private final PlanApplier applier = new PlanApplier(pods, new FakeCordons(), parallel);

  @AfterEach
  void stop() {
    parallel.close();
  }

  @Test
  void aPodThatNoWatchBroughtIsNotMadeAgainUnderAnotherName() {
    pods.has(pod(podName(0)));

    Applied applied = applier.apply(deed(2, 0, Set.of(podName(0), podName(7))));

    assertThat(pods.names()).containsExactly(podName(0), podName(1));
    assertThat(applied.created()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    // to make, of these of the stable revision; unseen of the newest, unseen of the stable
    "2, 2, 0, 2",
    "2, 2, 2, 0",
    "2, 2, 1, 0",
    "3, 2, 0, 1",
    "3, 2, 1, 1",
    "3, 1, 0, 3",
    "5, 2, 0, 0",
  })
  void inARolloutTooTheyAreNotMadeAgain(int creates, int ofStable, int newest, int stable) {
    IntStream.range(0, newest).forEach(n -> pods.has(pod(podName(n))));
    IntStream.range(newest, newest + stable).forEach(n -> pods.has(ofStable(podName(n))));
    Set<String> listed = Set.copyOf(pods.names());

    Applied applied = applier.apply(deed(creates, ofStable, listed));

    assertThat(pods.names()).hasSize(creates);
    assertThat(applied.created()).hasSize(creates);
  }

  @Test
  void whatIsMissingOfEachRevisionIsMade() {
    pods.has(pod(podName(0)));
    pods.has(ofStable(podName(1)));

    applier.apply(deed(6, 3, Set.of(podName(0), podName(1))));

    Map<String, Long> made =
        pods.made().stream()
            .map(p -> p.getMetadata().getLabels().get(Labels.REVISION))
            .collect(Collectors.groupingBy(r -> r, Collectors.counting()));
    assertThat(made).isEqualTo(Map.of(STABLE, 2L, Pools.blueprint().revision(), 2L));
  }

  private static Pod ofStable(String name) {
    Pod pod = pod(name);
    pod.getMetadata().getLabels().put(Labels.REVISION, STABLE);
    return pod;
  }

  private static Deed deed(int creates, int ofStable, Set<String> listed) {
    ScalePlan plan = Pools.plan(0, creates, creates);
    var split =
        new ScalePlan(
            creates, ofStable, List.of(), creates, plan.decision(), plan.notes(), plan.memory());
    var workers = new Deed.Workers(listed, Map.of(), Pools.NOON);
    return new Deed(Pools.pool(), Pools.blueprint(), List.of(), split, "queue:50051", workers)
        .withStable(new Blueprint.Valid(Pools.blueprint().template(), STABLE));
  }
}
