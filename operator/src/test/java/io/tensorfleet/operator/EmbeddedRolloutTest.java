package io.tensorfleet.operator;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.crds.PodTemplate;
import io.tensorfleet.crds.ScalingMode;
import io.tensorfleet.crds.Update;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerPoolStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Revisions and rollouts on the embedded mock API server. */
class EmbeddedRolloutTest extends EmbeddedStand {
  @Test
  void aRevisionThatNeverWorksIsStoppedAndThePoolGrowsOnTheOneBefore() throws Throwable {
    apply(2, "good", false);
    eventually(() -> assertThat(pods("good")).hasSize(2));
    pods("good").forEach(this::join);
    eventually(() -> assertThat(annotation("good", "tensorfleet.io/worked")).isNotEmpty());

    apply(2, "bad", false);
    eventually(() -> assertThat(pods("bad")).hasSize(1));
    eventually(() -> assertThat(reason("Progressing")).isEqualTo("ProgressDeadlineExceeded"));
    assertThat(status("Progressing")).isEqualTo("False");
    assertThat(status("Degraded")).isEqualTo("True");
    eventually(() -> assertThat(annotation("bad", "tensorfleet.io/failure")).contains("within 1s"));

    operator.close();
    operator = operate();
    apply(4, "bad", false);
    eventually(() -> assertThat(pods("good")).hasSize(4));
    assertThat(pods("bad")).hasSize(1);
    Pod late = pods("good").getLast();
    assertThat(late.getMetadata().getLabels())
        .containsEntry("tensorfleet.io/revision", revision("good"));
    assertThat(late.getSpec().getContainers().getFirst().getEnv()).isNotEmpty();
  }

  @Test
  void aRevisionThatNeverWorksIsRolledBackWhenAskedAndAnEventSaysSo() throws Throwable {
    apply(2, "good", true);
    eventually(() -> assertThat(pods("good")).hasSize(2));
    pods("good").forEach(this::join);
    eventually(() -> assertThat(annotation("good", "tensorfleet.io/worked")).isNotEmpty());

    apply(2, "bad", true);
    eventually(() -> assertThat(pods("bad")).hasSize(1));
    eventually(() -> assertThat(pods("bad")).isEmpty());
    assertThat(pods("good")).hasSize(2);
    eventually(
        () ->
            assertThat(client.events().v1().events().inNamespace("default").list().getItems())
                .filteredOn(e -> "RolloutFailed".equals(e.getReason()))
                .extracting(Event::getNote)
                .first()
                .asString()
                .contains("went back to revision"));

    apply(2, "good", true);
    eventually(() -> assertThat(status("Degraded")).isEqualTo("False"));
    assertThat(pods("good")).hasSize(2);
  }

  @Test
  void onlyTheLastRevisionsAreKeptAndThoseInUse() throws Throwable {
    apply(1, "good", false);
    eventually(() -> assertThat(pods("good")).hasSize(1));
    for (int n = 0; n < 8; n++) {
      String label = "n" + n;
      apply(0, label, false);
      eventually(() -> assertThat(stored(label)).isPresent());
    }
    eventually(() -> assertThat(revisions()).hasSizeLessThanOrEqualTo(6));
    assertThat(stored("n7")).isPresent();
    assertThat(stored("n0")).isEmpty();
    client.resources(WorkerPool.class).inNamespace("default").withName("demo").delete();
    eventually(() -> assertThat(revisions()).isEmpty());
  }

  @Test
  void aDryRunWritesNoRevisionUntilItIsOver() throws Throwable {
    apply(2, "good", false, ScalingMode.DryRun);

    eventually(() -> assertThat(turned()).contains("Paused=True"));
    assertThat(revisions()).isEmpty();
    assertThat(pods("good")).isEmpty();

    apply(2, "good", false);
    eventually(() -> assertThat(stored("good")).isPresent());
  }

  private void apply(int size, String label, boolean rollback) throws Throwable {
    apply(size, label, rollback, ScalingMode.Auto);
  }

  private void apply(int size, String label, boolean rollback, ScalingMode mode) throws Throwable {
    var update = new Update(new IntOrString(1), new IntOrString(0), null, "1s", rollback);
    var template = new PodTemplate(Map.of("labels", Map.of("try", label)), null);
    var d = WorkerPoolSpec.defaults();
    var spec =
        new WorkerPoolSpec(
            d.orchestrator(),
            d.queue(),
            size,
            4,
            null,
            d.scaling().withMode(mode),
            d.worker(),
            null,
            template,
            update,
            d.protection());
    var pools = client.resources(WorkerPool.class).inNamespace("default");
    if (pools.withName("demo").get() == null) {
      var pool = new WorkerPool();
      pool.setMetadata(new ObjectMetaBuilder().withName("demo").withNamespace("default").build());
      pool.setSpec(spec);
      client.resource(pool).create();
    } else {
      eventually(() -> change(spec));
    }
  }

  /** The operator may write the status in between; then the change is made again. */
  private void change(WorkerPoolSpec spec) {
    try {
      client
          .resources(WorkerPool.class)
          .inNamespace("default")
          .withName("demo")
          .edit(
              pool -> {
                pool.setSpec(spec);
                return pool;
              });
    } catch (KubernetesClientException e) {
      throw new AssertionError(e);
    }
  }

  private List<Pod> pods(String label) {
    return client.pods().inNamespace("default").withLabel("try", label).list().getItems();
  }

  private List<ControllerRevision> revisions() {
    return client.apps().controllerRevisions().inNamespace("default").list().getItems();
  }

  private Optional<ControllerRevision> stored(String label) {
    return revisions().stream()
        .filter(r -> String.valueOf(r.getData()).contains("try=" + label))
        .findFirst();
  }

  private String revision(String label) {
    return String.valueOf(
        stored(label)
            .map(r -> r.getMetadata().getLabels().get("tensorfleet.io/revision"))
            .orElse("none"));
  }

  private String annotation(String label, String name) {
    return stored(label)
        .map(r -> r.getMetadata().getAnnotations())
        .map(all -> all.getOrDefault(name, ""))
        .orElse("");
  }

  private void join(Pod pod) {
    becomeReady(pod);
    queue.worker(pod.getMetadata().getName(), 0);
  }

  /** Empty before the first status. */
  private List<String> turned() {
    WorkerPool pool =
        client.resources(WorkerPool.class).inNamespace("default").withName("demo").get();
    return Optional.ofNullable(pool.getStatus()).stream()
        .flatMap(status -> status.conditions().stream())
        .map(c -> c.getType() + "=" + c.getStatus())
        .toList();
  }

  private String status(String type) {
    return condition(type).getStatus();
  }

  private String reason(String type) {
    return condition(type).getReason();
  }

  private Condition condition(String type) {
    WorkerPoolStatus status =
        client
            .resources(WorkerPool.class)
            .inNamespace("default")
            .withName("demo")
            .get()
            .getStatus();
    return status.conditions().stream()
        .filter(c -> type.equals(c.getType()))
        .findFirst()
        .orElseThrow();
  }
}
