package io.tensorfleet.operator.pool;

import static io.tensorfleet.operator.pool.Pools.NOON;
import static io.tensorfleet.operator.pool.Pools.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.tensorfleet.operator.pool.BusyMarks.Change;
import io.tensorfleet.operator.pool.BusyMarks.Due;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BusyMarksTest {
  private static final String KARPENTER = "karpenter.sh/do-not-disrupt";
  private static final String AUTOSCALER = "cluster-autoscaler.kubernetes.io/safe-to-evict";

  private final Map<String, Integer> busy = new HashMap<>();
  private List<Pod> pods = new ArrayList<>(List.of(pod("demo-0")));
  private BusyMarks marks = BusyMarks.none();
  private Instant now = NOON;
  private int writes;

  @Test
  void aBusyWorkersPodIsMarkedAtOnce() {
    busy.put("demo-0", 1);

    step();

    assertThat(annotations())
        .containsEntry(KARPENTER, "true")
        .containsEntry(AUTOSCALER, "false")
        .containsEntry(BusyMarks.OWN, AUTOSCALER + "," + KARPENTER);
  }

  @Test
  void anIdleWorkerCostsNoWrite() {
    step();
    later(100);

    assertThat(writes).isZero();
  }

  @Test
  void theMarksGoWhenTheWorkerWasIdleForHalfAMinute() {
    markedAndIdle();
    assertThat(step().next().again()).contains(NOON.plusSeconds(30));

    later(29);
    assertThat(annotations()).containsKey(KARPENTER);
    later(1);
    assertThat(annotations()).doesNotContainKeys(KARPENTER, AUTOSCALER, BusyMarks.OWN);
    assertThat(step().next().again()).isEmpty();
  }

  @Test
  void aWorkerThatIsBusyEveryOtherSecondCostsOneWrite() {
    for (int second = 0; second < 600; second++) {
      busy.put("demo-0", second % 2);
      later(1);
    }

    assertThat(writes).isOne();
  }

  @Test
  void workInBetweenStartsTheHalfMinuteAnew() {
    markedAndIdle();
    later(20);
    busy.put("demo-0", 1);
    later(1);
    busy.put("demo-0", 0);
    later(20);

    assertThat(annotations()).containsKey(KARPENTER);
  }

  @Test
  void whatATemplateSaysIsLeftAsItIs() {
    pods.getFirst().getMetadata().setAnnotations(new TreeMap<>(Map.of(KARPENTER, "false")));
    markedAndIdle();
    assertThat(annotations()).containsEntry(KARPENTER, "false").containsEntry(AUTOSCALER, "false");

    step();
    later(30);
    assertThat(annotations()).containsOnly(Map.entry(KARPENTER, "false"));
  }

  @Test
  void aTemplateThatSaysItAllIsNeverWrittenTo() {
    Map<String, String> all = Map.of(KARPENTER, "true", AUTOSCALER, "true");
    pods.getFirst().getMetadata().setAnnotations(new TreeMap<>(all));
    markedAndIdle();
    later(100);

    assertThat(writes).isZero();
    assertThat(annotations()).containsExactlyInAnyOrderEntriesOf(all);
  }

  @Test
  void anOperatorStartedAnewFindsTheMarksOnThePods() {
    markedAndIdle();
    step();
    later(29);
    marks = BusyMarks.none();
    later(29);
    assertThat(annotations()).containsKey(KARPENTER);
    later(30);

    assertThat(annotations()).doesNotContainKey(KARPENTER);
  }

  @Test
  void aThousandPodsAreMarkedAtABoundedRateAndTheBusyOnesFirst() {
    pods = new ArrayList<>(IntStream.range(0, 120).mapToObj(n -> pod("demo-" + n)).toList());
    pods.forEach(p -> busy.put(p.getMetadata().getName(), 1));

    Due first = step();
    assertThat(writes).isEqualTo(50);
    assertThat(first.next().again()).contains(NOON.plusSeconds(1));
    step();
    assertThat(writes).isEqualTo(50);
    later(1);
    assertThat(writes).isEqualTo(100);
    later(1);
    assertThat(writes).isEqualTo(120);
    later(1);
    assertThat(writes).isEqualTo(120);
  }

  private void markedAndIdle() {
    busy.put("demo-0", 1);
    step();
    busy.put("demo-0", 0);
  }

  private void later(int seconds) {
    now = now.plusSeconds(seconds);
    var _ = step();
  }

  private Due step() {
    Due due = marks.due(pods, busy, now);
    due.changes().forEach(this::write);
    marks = due.next();
    return due;
  }

  private void write(Change change) {
    writes++;
    for (int i = 0; i < pods.size(); i++) {
      Pod pod = pods.get(i);
      if (pod.getMetadata().getUid().equals(change.pod().uid())) {
        Map<String, String> all = new TreeMap<>(annotations(pod));
        all.putAll(change.annotations());
        all.values().removeIf(value -> value == null);
        pod.getMetadata().setAnnotations(all);
      }
    }
  }

  private Map<String, String> annotations() {
    return annotations(pods.getFirst());
  }

  private static Map<String, String> annotations(Pod pod) {
    return pod.getMetadata().getAnnotations() == null
        ? Map.of()
        : pod.getMetadata().getAnnotations();
  }
}
