package io.tensorfleet.operator;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.proto.v1.QueueSnapshot;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.TaskClass;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Several pools on one queue, on the embedded mock API server. */
class SeveralPoolsTest extends EmbeddedStand {
  @Override
  void prepare() {
    create("first", 1);
    create("second", 10);
  }

  @Test
  void theyDivideTheQueueAndOneThatIsDeletedHandsItsPartOn() throws Throwable {
    queue.holds(10, 0);

    eventually(() -> assertThat(desired("first")).isEqualTo(1));
    eventually(() -> assertThat(desired("second")).isEqualTo(3));
    assertThat(sentence("second")).contains("7 tasks wait here and 3 elsewhere");

    client.resources(WorkerPool.class).inNamespace("default").withName("first").delete();

    eventually(() -> assertThat(desired("second")).isEqualTo(4));
    assertThat(sentence("second")).contains("10 tasks wait,");
  }

  @Test
  void anOperatorThatStartsAmidWorkGivesNoPoolTheWholeOfIt() throws Throwable {
    operator.close();
    queue.holds(10, 0);

    operator = operate();

    eventually(() -> assertThat(desired("second")).isEqualTo(3));
    eventually(() -> assertThat(desired("first")).isEqualTo(1));
    assertThat(client.pods().inNamespace("default").list().getItems()).hasSize(4);
  }

  @Test
  void whatNoPoolOffersShowsInACondition() throws Throwable {
    eventually(() -> assertThat(desired("first")).isZero());
    eventually(() -> assertThat(desired("second")).isZero());
    var gpu =
        TaskClass.newBuilder()
            .setModelType("xgboost")
            .setWaiting(12)
            .setRequires(Requirements.newBuilder().setGpuCount(2).putLabels("zone", "a"));

    queue.sends(
        QueueSnapshot.newBuilder().setQueue("default").setWaiting(12).addClasses(gpu).build());

    for (String pool : List.of("first", "second")) {
      eventually(() -> assertThat(limited(pool).getReason()).isEqualTo("WorkUnservable"));
      assertThat(limited(pool).getStatus()).isEqualTo("True");
      assertThat(limited(pool).getMessage()).contains("12 ask for 2 GPUs and label zone=a");
      assertThat(desired(pool)).isZero();
    }
    eventually(
        () ->
            assertThat(client.events().v1().events().inNamespace("default").list().getItems())
                .extracting(Event::getReason)
                .contains("WorkUnservable"));
  }

  @Test
  void thoseOfTwoNamespacesAreAllLookedAfter() throws Throwable {
    operator.close();
    for (String namespace : List.of("red", "blue")) {
      create(namespace, "demo", 1);
    }
    queue.holds(6, 0);

    operator = operate(Map.of("WATCH_NAMESPACES", "red,blue"));

    for (String namespace : List.of("red", "blue")) {
      eventually(
          () -> assertThat(client.pods().inNamespace(namespace).list().getItems()).hasSize(1));
    }
    queue.holds(0, 0);
    queue.holds(6, 0);
    assertThat(client.pods().inAnyNamespace().list().getItems()).hasSize(2);
  }

  private void create(String name, int max) {
    create("default", name, max);
  }

  private void create(String namespace, String name, int max) {
    var pool = new WorkerPool();
    pool.getMetadata().setName(name);
    pool.getMetadata().setNamespace(namespace);
    pool.setSpec(WorkerPoolSpec.defaults().withBounds(0, max));
    client.resource(pool).create();
  }

  private int desired(String pool) {
    return Objects.requireNonNullElse(status(pool).desiredReplicas(), -1);
  }

  private WorkerPoolStatus status(String pool) {
    WorkerPoolStatus status =
        client.resources(WorkerPool.class).inNamespace("default").withName(pool).get().getStatus();
    return status == null ? WorkerPoolStatus.empty() : status;
  }

  private String sentence(String pool) {
    return String.valueOf(Objects.requireNonNull(status(pool).decision()).message());
  }

  private Condition limited(String pool) {
    return status(pool).conditions().stream()
        .filter(c -> c.getType().equals("ScalingLimited"))
        .findFirst()
        .orElseGet(Condition::new);
  }
}
