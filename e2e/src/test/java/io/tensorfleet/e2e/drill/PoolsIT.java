package io.tensorfleet.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.e2e.Repository;
import io.tensorfleet.proto.v1.Requirements;
import io.tensorfleet.proto.v1.Task;
import io.tensorfleet.proto.v1.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several pools on one queue, in one namespace and in two, with real workers. */
class PoolsIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static Optional<Ground> shared = Optional.empty();

  private final History history = new History();

  @BeforeAll
  static void open(@TempDir Path folder) {
    assumeTrue(Cluster.missing().isEmpty(), Cluster.missing());
    shared = Optional.of(Ground.open(folder));
  }

  @AfterEach
  void clear() {
    shared.ifPresent(Ground::clear);
  }

  @AfterAll
  static void close() {
    shared.ifPresent(Ground::close);
  }

  @Test
  void workSizesOnlyPoolsThatOfferWhatItAsksForAndWhatNobodyOffersIsTold() throws Exception {
    Ground ground = shared.orElseThrow();
    var cluster = ground.cluster();
    String namespace = cluster.namespace("classes");
    Queue queue = ground.queue(Map.of());
    Instant begin = Instant.now();
    cluster.apply(pool(namespace, "cpu", "maxConcurrentTasks: 3, capabilities: {gpuCount: 0}"));
    cluster.apply(pool(namespace, "gpu", "maxConcurrentTasks: 1, capabilities: {gpuCount: 2}"));
    var _ = cluster.node();
    var _ = operator(cluster, queue.address(), namespace);

    List<String> gpu = queue.submit(history, asking(Requirements.newBuilder().setGpuCount(2)), 2);
    List<String> plain = queue.submit(history, Tasks.lasting(5, 200), 3);
    var mars = Requirements.newBuilder().putLabels("zone", "mars");
    List<String> nobodys = queue.submit(history, asking(mars), 4);

    gpu.forEach(task -> assertThat(worker(queue, task)).startsWith("gpu-"));
    plain.forEach(task -> assertThat(worker(queue, task)).isNotEmpty());
    nobodys.forEach(task -> assertThat(queue.task(task).getWorkerId()).isEmpty());
    List<String> made = podsMade(cluster, begin, namespace);
    assertThat(made).filteredOn(name -> name.startsWith("cpu-")).hasSize(1);
    assertThat(made).filteredOn(name -> name.startsWith("gpu-")).hasSize(2);
    for (String name : List.of("cpu", "gpu")) {
      awaitSize(cluster, namespace, name, 0);
      assertThat(limited(cluster.pool(namespace, name)))
          .extracting(Condition::getStatus, Condition::getReason)
          .containsExactly("True", "WorkUnservable");
      assertThat(limited(cluster.pool(namespace, name)).getMessage())
          .contains("4 ask for label zone=mars", "queue default");
    }
    assertThat(eventReasons(cluster, namespace)).contains("WorkUnservable");
    assertThat(
            tensorfleet(
                "get",
                "tasks",
                "--state",
                "waiting",
                "--orchestrator",
                queue.address(),
                "--kubeconfig",
                cluster.kubeconfig().toString()))
        .contains("no pool offers label zone=mars");
    assertThat(
            tensorfleet("why", namespace + "/cpu", "--kubeconfig", cluster.kubeconfig().toString()))
        .contains("label zone=mars, which no pool offers");
  }

  @Test
  void poolsOfOneNameInTwoNamespacesShareAQueueAndNeverTheirPods() {
    Ground ground = shared.orElseThrow();
    var cluster = ground.cluster();
    String red = cluster.namespace("red");
    String blue = cluster.namespace("blue");
    Queue queue = ground.queue(Map.of());
    cluster.apply(small(red));
    cluster.apply(small(blue));
    var _ = cluster.node();
    OperatorProcess operator = operator(cluster, queue.address(), red + "," + blue);

    List<String> tasks = queue.submit(history, Tasks.lasting(30, 200), 6);
    List<String> workers =
        tasks.stream().map(task -> assigned(queue, task)).distinct().sorted().toList();

    assertThat(workers).hasSize(2).allMatch(name -> name.matches("demo-[a-z0-9]{4}-0"));
    assertThat(podNames(cluster, red))
        .hasSize(1)
        .doesNotContainAnyElementsOf(podNames(cluster, blue));
    assertThat(operator.page("/metrics"))
        .contains("namespace=\"" + red + "\"", "namespace=\"" + blue + "\"");
    tasks.forEach(task -> assertThat(worker(queue, task)).isIn(workers));
    assertThat(tasks).allMatch(task -> queue.task(task).getAttempt() == 1);
  }

  @Test
  void aNamespaceThatMayNotBeReadYetKeepsNobodyFromTheOthers() {
    Ground ground = shared.orElseThrow();
    var cluster = ground.cluster();
    String open = cluster.namespace("open");
    String shut = cluster.namespace("shut");
    Path kubeconfig = cluster.kubeconfigOf(open, "operator");
    bind(cluster, open, open);
    cluster.apply(small(open));
    cluster.apply(small(shut));

    OperatorProcess operator =
        OperatorProcess.start(
            ground,
            cluster,
            Map.of(
                "ORCHESTRATOR_ADDRESS",
                "127.0.0.1:1",
                "WATCH_NAMESPACES",
                open + "," + shut + ",not-there",
                "KUBECONFIG",
                kubeconfig.toString()));
    awaitLookedAfter(cluster, open);
    assertThat(cluster.pool(shut, "demo").getStatus().observedGeneration()).isNull();
    assertThat(operator.program().text()).contains("namespace " + shut + " is not looked after");

    bind(cluster, shut, open);
    awaitLookedAfter(cluster, shut);
    awaitLookedAfter(cluster, open);
  }

  @Test
  void anOperatorThatMayReadNoneOfItsNamespacesSaysSoAndEnds() throws Exception {
    Ground ground = shared.orElseThrow();
    var cluster = ground.cluster();
    String shut = cluster.namespace("shut");

    OperatorProcess operator =
        OperatorProcess.launch(
            ground,
            cluster,
            Map.of(
                "WATCH_NAMESPACES",
                shut,
                "KUBECONFIG",
                cluster.kubeconfigOf(shut, "operator").toString()));

    assertThat(operator.program().exit(LIMIT)).contains(1);
    assertThat(operator.program().text())
        .contains("WATCH_NAMESPACES names [" + shut + "], and in none of them may pools");
  }

  private static OperatorProcess operator(Cluster cluster, String address, String namespaces) {
    return OperatorProcess.start(
        shared.orElseThrow(),
        cluster,
        Map.of("ORCHESTRATOR_ADDRESS", address, "WATCH_NAMESPACES", namespaces));
  }

  private static TaskSpec asking(Requirements.Builder needs) {
    return Tasks.lasting(5, 200).toBuilder().setRequires(needs).build();
  }

  private static String small(String namespace) {
    return pool(namespace, "demo", "maxConcurrentTasks: 3")
        .replace("maxReplicas: 2", "maxReplicas: 1");
  }

  private static String pool(String namespace, String name, String worker) {
    return """
    apiVersion: tensorfleet.io/v1alpha1
    kind: WorkerPool
    metadata: {name: %s, namespace: %s}
    spec:
      maxReplicas: 2
      worker: {%s}
      scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 1}}}
    """
        .formatted(name, namespace, worker);
  }

  /** Who ran the task, once it has been completed. */
  private static String worker(Queue queue, String task) {
    Task ended = queue.ended(task, LIMIT);
    assertThat(ended.getState().name()).as("%s", ended).isEqualTo("TASK_STATE_COMPLETED");
    return ended.getWorkerId();
  }

  private static String assigned(Queue queue, String task) {
    return Await.value(
        LIMIT,
        "a worker for " + task,
        () -> Optional.of(queue.task(task).getWorkerId()).filter(id -> !id.isEmpty()));
  }

  private static List<String> podsMade(Cluster cluster, Instant begin, String namespace) {
    return cluster.audit().since(begin).stream()
        .filter(r -> r.is("create", "pods") && r.accepted() && r.namespace().equals(namespace))
        .map(Audit.Request::name)
        .toList();
  }

  private static List<String> podNames(Cluster cluster, String namespace) {
    return cluster.client().pods().inNamespace(namespace).list().getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private static List<String> eventReasons(Cluster cluster, String namespace) {
    return cluster.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
        .map(io.fabric8.kubernetes.api.model.events.v1.Event::getReason)
        .toList();
  }

  private static void awaitSize(Cluster cluster, String namespace, String name, int size) {
    var _ =
        Await.value(
            LIMIT,
            "size " + size + " of " + name,
            () ->
                Optional.ofNullable(cluster.pool(namespace, name).getStatus())
                    .filter(s -> Integer.valueOf(size).equals(s.desiredReplicas())));
  }

  private static void awaitLookedAfter(Cluster cluster, String namespace) {
    var _ =
        Await.value(
            LIMIT,
            "a status of the pool in " + namespace,
            () ->
                Optional.ofNullable(cluster.pool(namespace, "demo").getStatus())
                    .map(io.tensorfleet.crds.WorkerPoolStatus::observedGeneration));
  }

  private static Condition limited(WorkerPool pool) {
    return pool.getStatus().conditions().stream()
        .filter(c -> c.getType().equals("ScalingLimited"))
        .findFirst()
        .orElseThrow();
  }

  /** The service account "operator" of one namespace may do everything in another. */
  private static void bind(Cluster cluster, String namespace, String home) {
    cluster
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("operator")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                .addNewSubject(null, "ServiceAccount", "operator", home)
                .build())
        .serverSideApply();
  }

  private static String tensorfleet(String... words) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(Repository.tensorfleet(words)).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }
}
