package io.tensorfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.local.ground.RealGround;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server makes of WorkerPools by itself, without an operator. */
@ExtendWith(ControlPlaneExtension.class)
class ApiSurfaceIT {
  private static final String DEFAULTS =
      """
      {"orchestrator":{},"queue":"default","minReplicas":0,"maxReplicas":10,
       "scaling":{"minIdle":0,"activation":1,"mode":"Auto",
        "behavior":{"scaleUp":{"stabilizationWindowSeconds":0,"selectPolicy":"Max"},
         "scaleDown":{"stabilizationWindowSeconds":60,"selectPolicy":"Max"}},
        "fallback":{"after":"60s","action":"Hold"}},
       "worker":{"maxConcurrentTasks":3,"drainTimeout":"10m"},
       "update":{"maxSurge":"25%","maxUnavailable":0,"progressDeadline":"10m","rollback":false},
       "protection":{}}
      """;

  private final ObjectMapper json = new ObjectMapper();
  private final Kubectl kubectl;
  private final RealGround ground;
  @TempDir Path folder = Path.of("");

  ApiSurfaceIT(RealGround ground) {
    this.ground = ground;
    this.kubectl = new Kubectl(ground.kubeconfig().orElseThrow(), "default");
  }

  @BeforeEach
  void clear() {
    kubectl.ok("delete", "workerpools", "--all", "--wait");
  }

  private String pool(String spec) {
    return Kubectl.file(
        folder,
        """
        apiVersion: tensorfleet.io/v1alpha1
        kind: WorkerPool
        metadata: {name: demo}
        spec: %s
        """
            .formatted(spec));
  }

  private JsonNode stored(String path) throws IOException {
    return json.readTree(kubectl.ok("get", "wp", "demo", "-o", "json")).at(path);
  }

  @Test
  void theServerWritesEachDefault() throws IOException {
    kubectl.ok("apply", "-f", pool("{}"));

    assertThat(stored("/spec")).isEqualTo(json.readTree(DEFAULTS));
    assertThat(demo().getSpec()).isEqualTo(WorkerPoolSpec.defaults());
  }

  private WorkerPool demo() {
    return ground
        .client()
        .resources(WorkerPool.class)
        .inNamespace("default")
        .withName("demo")
        .get();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/spec/scaling/behavior/scaleDown/selectPolicy | Max | {scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 5}}}}",
        "/spec/scaling/behavior/scaleUp/stabilizationWindowSeconds | 0 | {scaling: {behavior: {scaleDown: {}}}}",
        "/spec/scaling/behavior/scaleDown/stabilizationWindowSeconds | 60 | {scaling: {behavior: {scaleDown: {selectPolicy: Min}}}}",
        "/spec/scaling/fallback/after | 60s | {scaling: {fallback: {action: Floor}}}",
        "/spec/scaling/fallback/action | Hold | {scaling: {fallback: {after: 5s}}}",
        "/spec/scaling/schedules/0/timeZone | Etc/UTC | {scaling: {schedules: [{name: a, start: 0 8 * * *, end: 0 9 * * *, minReplicas: 1}]}}",
        "/spec/worker/drainTimeout | 10m | {worker: {maxConcurrentTasks: 5}}",
        "/spec/update/maxUnavailable | 0 | {update: {maxSurge: 3}}",
      })
  void aPartThatIsGivenIsCompleted(String path, String value, String spec) throws IOException {
    kubectl.ok("apply", "-f", pool(spec));

    assertThat(stored(path).asText()).isEqualTo(value);
  }

  @Test
  void anUnknownFieldIsRefusedOrElsePrunedWithAWarning() throws IOException {
    String file = pool("{maxReplica: 4, scaling: {modus: Auto}}");

    assertThat(kubectl.run("apply", "-f", file).text())
        .contains(
            "strict decoding error: unknown field \"spec.maxReplica\", unknown field \"spec.scaling.modus\"");
    assertThat(kubectl.ok("apply", "--validate=warn", "-f", file))
        .contains("Warning: unknown field \"spec.maxReplica\"");
    assertThat(stored("/spec")).isEqualTo(json.readTree(DEFAULTS));
  }

  @Test
  void whoWritesTheSpecCannotWriteTheStatus() throws IOException {
    kubectl.ok("apply", "-f", pool("{}"));
    kubectl.ok("patch", "wp", "demo", "--type=merge", "-p", "{\"status\":{\"replicas\":9}}");
    assertThat(stored("/status").isMissingNode()).isTrue();

    patchStatus("{\"status\":{\"replicas\":9},\"spec\":{\"maxReplicas\":99}}");
    assertThat(stored("/status/replicas").asInt()).isEqualTo(9);
    assertThat(stored("/spec/maxReplicas").asInt()).isEqualTo(10);
  }

  private void patchStatus(String patch) throws IOException {
    kubectl.ok("patch", "wp", "demo", "--subresource=status", "--type=merge", "-p", patch);
  }

  @Test
  void aLongSentenceFitsIntoTheStatus() throws IOException {
    kubectl.ok("apply", "-f", pool("{}"));
    String words = "word ".repeat(800);
    patchStatus(
        "{\"status\":{\"lastScaleReason\":\"%s\",\"decision\":{\"message\":\"%s\"},\"conditions\":[{\"type\":\"Degraded\",\"status\":\"True\",\"message\":\"%s\"}]}}"
            .formatted(words, words, words));

    assertThat(stored("/status/conditions/0/message").asText()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workerpool.spec | the size, 0 to 10000, when someone else decides",
        "wp.spec.scaling.drainTime | a Go duration: 30s, 5m",
        "wp.spec.scaling.behavior.scaleUp.policies.periodSeconds | Length of the period in seconds, 1 to 1800",
        "wp.spec.scaling.schedules.start | cron, 5 fields (minute hour day month weekday)",
        "wp.spec.worker.capabilities.memoryGb | units of 2^30 bytes, 1 to 1048576",
        "wp.spec.update | Workers above the size while a revision is replaced",
        "wp.status.decision | The decision in one sentence",
        "wp.status.conditions.type | Ready, Progressing, Degraded, QueueReachable, ScalingLimited or Paused",
      })
  void explainTellsWhatAFieldMeans(String field, String text) {
    String told = kubectl.ok("explain", field).replaceAll("\\s+", " ");

    assertThat(told).contains(text.replace("the size, 0", "The number of workers, 0"));
  }

  @ParameterizedTest
  @CsvSource({"wp", "workerpool", "workerpools", "workerpools.tensorfleet.io", "all"})
  void aPoolIsListedByEachOfItsNames(String name) {
    kubectl.ok("apply", "-f", pool("{}"));

    assertThat(kubectl.ok("get", name))
        .contains("DESIRED   READY   BUSY   PENDING   RUNNING")
        .contains("demo");
  }

  @Test
  void scaleCanBeReadOnceThePoolHasASizeAndNotBefore() throws IOException {
    kubectl.ok("apply", "-f", pool("{}"));
    String scale = "/apis/tensorfleet.io/v1alpha1/namespaces/default/workerpools/demo/scale";

    assertThat(kubectl.run("get", "--raw", scale).text())
        .contains("the spec replicas field \".spec.replicas\" does not exist");
    kubectl.ok("scale", "wp", "demo", "--replicas=3");
    assertThat(json.readTree(kubectl.ok("get", "--raw", scale)).at("/spec/replicas").asInt())
        .isEqualTo(3);
    assertThat(json.readTree(kubectl.ok("get", "--raw", scale)).at("/status/replicas").asInt())
        .as("without an operator")
        .isZero();
    kubectl.ok("patch", "wp", "demo", "--type=merge", "-p", "{\"spec\":{\"replicas\":null}}");
    assertThat(stored("/spec/replicas").isMissingNode()).isTrue();
  }

  @Test
  void eachSampleOfOursIsAccepted() throws IOException {
    Path samples = Repository.root().resolve("deploy/samples");
    for (String file : new String[] {"workerpool.yaml", "hpa.yaml"}) {
      kubectl.ok("apply", "--dry-run=server", "-f", samples.resolve(file).toString());
    }
    HasMetadata keda =
        ground
            .client()
            .getKubernetesSerialization()
            .unmarshal(Files.readString(samples.resolve("keda-scaledobject.yaml")));
    assertThat(keda.getKind()).isEqualTo("ScaledObject");
  }
}
