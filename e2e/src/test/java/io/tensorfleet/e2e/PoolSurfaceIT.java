package io.tensorfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.e2e.drill.Cluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of pools that an operator looks after. */
class PoolSurfaceIT {
  private static Optional<SurfaceStand> shared = Optional.empty();

  @BeforeAll
  static void open(@TempDir Path folder) {
    assumeTrue(Cluster.missing().isEmpty(), Cluster.missing());
    shared = Optional.of(new SurfaceStand(folder));
  }

  @AfterAll
  static void close() {
    shared.ifPresent(SurfaceStand::close);
  }

  private final SurfaceStand stand = shared.orElseThrow();

  @Test
  void statusEventAndWhySayTheSameSentence() {
    stand.pool("same", "");
    stand.await("same", "a decision", s -> s.decision() != null);
    stand.waiting("same", 9);
    var grown =
        stand.await("same", "4 busy", s -> Objects.equals(s.busyReplicas(), 4) && settled(s));
    String now = SurfaceStand.sentence(grown);
    String change = Objects.requireNonNull(grown.lastScaleReason());

    assertThat(change).startsWith("grows from 0 to 4 workers: 9 tasks wait, 0 run; ");
    assertThat(now)
        .isEqualTo(
            "stays at 4 workers: 5 tasks wait, 4 run; with 1 slot each that asks for 9 workers; maxReplicas is 4.");
    assertThat(stand.told("same")).contains(change, "ScalingLimited is True: " + change);
    assertThat(stand.why(stand.key("same")).text().lines())
        .contains(stand.key("same") + ": " + now)
        .anyMatch(line -> line.startsWith("last change") && line.endsWith(": " + change))
        .contains("ScalingLimited  True: " + now);
    assertThat(stand.kubectl.ok("describe", "wp", "same")).contains(change).contains(now);
  }

  private static boolean settled(WorkerPoolStatus status) {
    return SurfaceStand.sentence(status).startsWith("stays");
  }

  @Test
  void whyTellsOfAPoolThatThereIsNotAndOfOneThatNobodyLooksAfter() {
    var missing = stand.why(stand.key("nowhere"));
    stand.kubectl.ok("get", "namespace", "default");
    stand.cluster.apply(
        """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: lonely, namespace: default}
        spec: {}
        """);

    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.text())
        .contains("there is no pool nowhere in namespace " + stand.namespace + "; there are: ");
    assertThat(stand.why("lonely").text())
        .isEqualTo("default/lonely: no decision yet; is the operator running?\n");
  }

  @Test
  void whyAsJsonHasTheSameSentences() throws Exception {
    stand.pool("json", "minReplicas: 1");
    var status = stand.await("json", "ready", SurfaceStand.is("Ready", "True/WorkersReady"));
    var read = new ObjectMapper().readTree(stand.why("-o", "json", stand.key("json")).text());

    assertThat(read.at("/pool").asText()).isEqualTo(stand.key("json"));
    assertThat(read.at("/decision/message").asText()).isEqualTo(SurfaceStand.sentence(status));
    assertThat(read.at("/lastScaleReason").asText()).isEqualTo(status.lastScaleReason());
    assertThat(read.at("/conditions")).hasSize(6);
  }

  @Test
  void theColumnsAreTheOnesPromised() {
    stand.pool("columns", "minReplicas: 1");
    stand.kubectl.ok("wait", "--for=condition=Ready", "wp/columns", "--timeout=90s");
    var status =
        stand.await("columns", "ready", SurfaceStand.has(WorkerPoolStatus::readyReplicas, 1));

    List<String> narrow = table(stand.kubectl.ok("get", "wp", "columns"));
    List<String> wide = table(stand.kubectl.ok("get", "wp", "columns", "-o", "wide"));
    assertThat(narrow.getFirst())
        .matches("NAME DESIRED READY BUSY PENDING RUNNING MIN MAX MODE AGE");
    assertThat(narrow.getLast()).matches("columns 1 1 0 0 0 1 4 Auto [0-9ms]+");
    assertThat(wide.getFirst()).endsWith(" AGE UPDATED REVISION REASON");
    assertThat(wide.getLast())
        .endsWith(" 1 " + status.revision() + " " + status.lastScaleReason())
        .contains("grows from 0 to 1 worker");
    System.out.println(stand.kubectl.ok("get", "wp", "columns", "-o", "wide"));
  }

  private static List<String> table(String text) {
    return text.lines().map(line -> line.strip().replaceAll("  +", " ")).toList();
  }

  @Test
  void aSizeThatIsSetHoldsWithinBoundsUntilItIsCleared() {
    stand.pool("scaled", "");
    stand.waiting("scaled", 1);
    stand.await("scaled", "its own size", SurfaceStand.has(WorkerPoolStatus::desiredReplicas, 1));

    stand.kubectl.ok("scale", "wp", "scaled", "--replicas=3");
    var set =
        stand.await("scaled", "3 ready", SurfaceStand.has(WorkerPoolStatus::readyReplicas, 3));
    assertThat(SurfaceStand.condition(set, "Paused")).hasValue("True/SpecReplicas");
    assertThat(set.lastScaleReason()).endsWith("; spec.replicas sets 3 workers.");
    assertThat(stand.why(stand.key("scaled")).text())
        .contains(
            "Paused          True: spec.replicas sets the size; remove it and the operator decides again");

    stand.kubectl.ok("scale", "wp", "scaled", "--replicas=9");
    var most =
        stand.await("scaled", "limited", SurfaceStand.is("ScalingLimited", "True/MaxReplicas"));
    assertThat(most.desiredReplicas()).isEqualTo(4);
    assertThat(SurfaceStand.sentence(most))
        .endsWith("; spec.replicas asks for 9 workers, and maxReplicas is 4.");

    stand.kubectl.ok(
        "patch",
        "wp",
        "scaled",
        "--type=merge",
        "-p",
        "{\"spec\":{\"replicas\":null,\"scaling\":{\"behavior\":{\"scaleDown\":{\"stabilizationWindowSeconds\":1}}}}}");
    var cleared =
        stand.await(
            "scaled", "its own size again", SurfaceStand.has(WorkerPoolStatus::replicas, 1));
    assertThat(SurfaceStand.condition(cleared, "Paused")).hasValue("False/Deciding");
    assertThat(cleared.busyReplicas()).as("the busy one has stayed").isEqualTo(1);
  }

  @Test
  void oneSentenceIsToldOnceHoweverOftenAPoolTurns() {
    stand.pool("often", "scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 0}}}");
    for (int round = 0; round < 3; round++) {
      stand.kubectl.ok("scale", "wp", "often", "--replicas=2");
      stand.await("often", "2 ready", SurfaceStand.has(WorkerPoolStatus::readyReplicas, 2));
      stand.kubectl.ok("scale", "wp", "often", "--replicas=0");
      stand.await("often", "none", SurfaceStand.has(WorkerPoolStatus::replicas, 0));
    }
    assertThat(stand.told("often"))
        .doesNotHaveDuplicates()
        .anyMatch(t -> t.startsWith("grows from 0 to 2"));
  }

  @Test
  void aPoolWhoseTemplateIsWrongSaysSoAndHarmsNobody() {
    stand.pool("wrong", "minReplicas: 1\n  template: {spec: {containers: {name: worker}}}");
    var status =
        stand.await("wrong", "degraded", SurfaceStand.is("Degraded", "True/InvalidTemplate"));

    assertThat(stand.why(stand.key("wrong")).text())
        .contains("Degraded        True: spec.template is no Pod template");
    assertThat(status.replicas()).isZero();
    stand.pool("right", "minReplicas: 1");
    stand.await("right", "ready", SurfaceStand.is("Ready", "True/WorkersReady"));
  }
}
