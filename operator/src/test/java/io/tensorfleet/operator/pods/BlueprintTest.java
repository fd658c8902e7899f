package io.tensorfleet.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tensorfleet.crds.Scaling;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.crds.WorkerPoolSpec;
import io.tensorfleet.crds.WorkerSettings;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlueprintTest {
  private static final PodDefaults DEFAULTS = new PodDefaults("worker:1", "queue:50051");

  private static final String TEMPLATE =
      """
      {"image": "short:1", "template": {
        "metadata": {"labels": {"team": "red"}, "annotations": {"a": "b"}},
        "spec": {
          "nodeSelector": {"gpu": "yes"},
          "terminationGracePeriodSeconds": 7,
          "securityContext": {"runAsUser": 1000},
          "containers": [
            {"name": "proxy", "image": "proxy:1"},
            {"name": "worker", "image": "mine:1",
             "env": [{"name": "LOG_LEVEL", "value": "debug"}, {"name": "MINE", "value": "1"}],
             "readinessProbe": {"exec": {"command": ["true"]}},
             "securityContext": {"readOnlyRootFilesystem": false},
             "resources": {"limits": {"memory": "1Gi"}}}]}}}
      """;

  @Test
  void aPodOfAnEmptySpecPassesTheRestrictedProfile() {
    Pod pod = pod(pool(WorkerPoolSpec.defaults()));
    var security = pod.getSpec().getSecurityContext();
    var worker = worker(pod);

    assertThat(security.getRunAsNonRoot()).isTrue();
    assertThat(security.getRunAsUser()).isEqualTo(65_532);
    assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(worker.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(worker.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(worker.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(pod.getSpec().getVolumes())
        .singleElement()
        .satisfies(v -> assertThat(v.getEmptyDir()).isNotNull());
    assertThat(worker.getVolumeMounts()).singleElement().extracting("mountPath").isEqualTo("/tmp");
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void theWorkerGetsItsPortsProbesAndGrace() {
    Pod pod = pod(pool(WorkerPoolSpec.defaults()));
    var worker = worker(pod);

    assertThat(worker.getImage()).isEqualTo("worker:1");
    assertThat(worker.getPorts())
        .extracting("name", "containerPort")
        .containsExactly(tuple("grpc", 50_052), tuple("metrics", 2_112));
    assertThat(worker.getStartupProbe().getHttpGet().getPath()).isEqualTo("/livez");
    assertThat(worker.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
    assertThat(worker.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(615);
  }

  @Test
  void theSettingsOfThePoolBecomeTheEnvironmentOfTheWorker() {
    var settings =
        new WorkerSettings(
            8,
            "2h",
            "5s",
            "warn",
            "simulation",
            "30s",
            new WorkerSettings.Capabilities(4, 16, 1),
            Map.of("zone", "b", "disk", "ssd"));

    var environment = environment(pod(pool(WorkerPoolSpec.defaults().withWorker(settings))));

    assertThat(environment)
        .containsEntry("ORCHESTRATOR_ADDRESS", "queue:50051")
        .containsEntry("MAX_CONCURRENT_TASKS", "8")
        .containsEntry("TASK_TIMEOUT", "2h")
        .containsEntry("HEARTBEAT_INTERVAL", "5s")
        .containsEntry("LOG_LEVEL", "warn")
        .containsEntry("ENGINE", "simulation")
        .containsEntry("DRAIN_TIMEOUT", "30s")
        .containsEntry("QUEUES", "default")
        .containsEntry("LABELS", "disk=ssd,zone=b")
        .containsEntry("CPU_CORES", "4")
        .containsEntry("MEMORY_GB", "16")
        .containsEntry("GPU_COUNT", "1")
        .containsEntry("WORKER_ID", "metadata.name")
        .doesNotContainKey("BIND_ADDRESS");
  }

  @Test
  void whatTheTemplateSaysIsNeverOverwritten() {
    Pod pod = pod(pool(Serialization.unmarshal(TEMPLATE, WorkerPoolSpec.class)));
    var worker = worker(pod);

    assertThat(worker.getImage()).isEqualTo("mine:1");
    assertThat(environment(pod)).containsEntry("LOG_LEVEL", "debug").containsEntry("MINE", "1");
    assertThat(worker.getReadinessProbe().getExec()).isNotNull();
    assertThat(worker.getReadinessProbe().getHttpGet()).isNull();
    assertThat(worker.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
    assertThat(worker.getSecurityContext().getReadOnlyRootFilesystem()).isFalse();
    assertThat(worker.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(worker.getResources().getLimits()).containsKey("memory");
    assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(1_000);
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(7);
    assertThat(pod.getSpec().getNodeSelector()).containsEntry("gpu", "yes");
    assertThat(pod.getSpec().getContainers())
        .extracting(Container::getName)
        .containsExactlyInAnyOrder("worker", "proxy");
    assertThat(pod.getMetadata().getLabels()).containsEntry("team", "red");
    assertThat(pod.getMetadata().getAnnotations()).containsEntry("a", "b");
  }

  @Test
  void aPodBelongsToItsPool() {
    WorkerPool pool = pool(WorkerPoolSpec.defaults());
    Pod pod = pod(pool);

    assertThat(PodReading.isOwnedBy(pod, "uid-1")).isTrue();
    assertThat(PodReading.isOwnedBy(pod, "uid-2")).isFalse();
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("tensorfleet.io/pool", "demo")
        .containsEntry("tensorfleet.io/revision", revision(pool))
        .containsEntry("app.kubernetes.io/managed-by", "tensorfleet-operator");
  }

  @Test
  void theRevisionFollowsWhatReachesThePodAndNothingElse() {
    WorkerPoolSpec spec = WorkerPoolSpec.defaults();
    String revision = revision(pool(spec));
    WorkerPool labelled = pool(spec);
    labelled.getMetadata().setLabels(Map.of("a", "b"));

    assertThat(revision).matches("[0-9a-f]{10}");
    assertThat(revision(labelled)).isEqualTo(revision);
    assertThat(revision(pool(spec.withBounds(1, 99)))).isEqualTo(revision);
    assertThat(revision(pool(spec.withScaling(Scaling.defaults().withMinIdle(3)))))
        .isEqualTo(revision);
    assertThat(revision(pool(spec.withWorker(WorkerSettings.withSlots(4))))).isNotEqualTo(revision);
    assertThat(revision(pool(Serialization.unmarshal(TEMPLATE, WorkerPoolSpec.class))))
        .isNotEqualTo(revision);
  }

  @Test
  void theOrderOfKeysInATemplateIsNoNewRevision() {
    String one = "{\"template\": {\"metadata\": {\"labels\": {\"x\": \"1\", \"y\": \"2\"}}}}";
    String other = "{\"template\": {\"metadata\": {\"labels\": {\"y\": \"2\", \"x\": \"1\"}}}}";

    assertThat(revision(pool(Serialization.unmarshal(one, WorkerPoolSpec.class))))
        .isEqualTo(revision(pool(Serialization.unmarshal(other, WorkerPoolSpec.class))));
  }

  @Test
  void aTemplateThatCannotBeReadGivesASentence() {
    String bad = "{\"template\": {\"spec\": {\"containers\": \"many\"}}}";

    assertThat(Blueprint.of(pool(Serialization.unmarshal(bad, WorkerPoolSpec.class)), DEFAULTS))
        .isInstanceOfSatisfying(
            Blueprint.Invalid.class,
            invalid ->
                assertThat(invalid.sentence()).startsWith("spec.template is no Pod template"));
  }

  @Test
  void theWorkerOfAPoolInTlsGetsItsSecretAndNoOtherContainerDoes() {
    String tls =
        """
        {"orchestrator": {"tls": {"secretName": "certificates"}},
         "template": {"spec": {"containers": [{"name": "proxy", "image": "proxy:1"}]}}}
        """;

    Pod pod = pod(pool(Serialization.unmarshal(tls, WorkerPoolSpec.class)));

    assertThat(pod.getSpec().getVolumes())
        .filteredOn(v -> v.getSecret() != null)
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.getSecret().getSecretName()).isEqualTo("certificates");
              assertThat(v.getSecret().getDefaultMode()).isEqualTo(0440);
            });
    assertThat(worker(pod).getVolumeMounts())
        .filteredOn(m -> m.getName().equals("tensorfleet-tls"))
        .singleElement()
        .satisfies(m -> assertThat(m.getReadOnly()).isTrue())
        .extracting("mountPath")
        .isEqualTo("/var/run/tensorfleet/tls");
    assertThat(worker(pod).getEnv())
        .extracting(EnvVar::getName, EnvVar::getValue)
        .contains(
            tuple("TLS_CA_FILE", "/var/run/tensorfleet/tls/ca.crt"),
            tuple("TLS_CERT_FILE", "/var/run/tensorfleet/tls/tls.crt"),
            tuple("TLS_KEY_FILE", "/var/run/tensorfleet/tls/tls.key"));
    assertThat(pod.getSpec().getContainers())
        .filteredOn(c -> c.getName().equals("proxy"))
        .allSatisfy(c -> assertThat(c.getVolumeMounts()).isEmpty());
  }

  @Test
  void newPodsTakeTheLowestFreeNumbers() {
    assertThat(PodNames.next("demo", Stream.of("demo-0", "demo-2", "other-1", "demo-x"), 3))
        .containsExactly("demo-1", "demo-3", "demo-4");
  }

  private static WorkerPool pool(WorkerPoolSpec spec) {
    var pool = new WorkerPool();
    pool.getMetadata().setName("demo");
    pool.getMetadata().setNamespace("default");
    pool.getMetadata().setUid("uid-1");
    pool.setSpec(spec);
    return pool;
  }

  private static Pod pod(WorkerPool pool) {
    return valid(pool).pod(pool, "demo-0");
  }

  private static String revision(WorkerPool pool) {
    return valid(pool).revision();
  }

  private static Blueprint.Valid valid(WorkerPool pool) {
    return (Blueprint.Valid) Blueprint.of(pool, DEFAULTS);
  }

  private static Container worker(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .filter(c -> "worker".equals(c.getName()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> environment(Pod pod) {
    return worker(pod).getEnv().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                EnvVar::getName,
                e ->
                    Objects.requireNonNullElseGet(
                        e.getValue(), () -> e.getValueFrom().getFieldRef().getFieldPath())));
  }
}
