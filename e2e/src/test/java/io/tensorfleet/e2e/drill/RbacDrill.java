package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.e2e.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator under its own service account with the roles that are delivered, first for all
 * namespaces, then for one, through all that it ever does; the API server's audit log says what it
 * asked for.
 */
final class RbacDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String WORKED = "tensorfleet.io/worked";
  private static final String USER =
      "system:serviceaccount:" + Manifests.NAMESPACE + ":" + Manifests.ACCOUNT;

  private static final String NOBODY = "nobody/has:this-one";

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    Instant begin = Instant.now();
    KubernetesClient client = ground.cluster().client();
    Manifests whole = Manifests.read(client, "base", "cluster");
    whole.apply(client);
    ground.own(() -> whole.remove(client));
    new Scene(ground).play(Map.of());
    whole
        .all(io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding.class)
        .forEach(b -> client.resource(b).delete());
    var confined = new Scene(ground);
    bind(client, confined.namespace);
    confined.play(Map.of("WATCH_NAMESPACES", confined.namespace));
    List<Audit.Request> asked =
        ground.cluster().audit().since(begin).stream().filter(r -> r.user().equals(USER)).toList();
    return new RbacChecker(whole.rules()).check(asked);
  }

  /** The delivered binding, in the namespace of the scene. */
  private static void bind(KubernetesClient client, String namespace) {
    RoleBinding delivered = Manifests.read(client, "namespaced").all(RoleBinding.class).getFirst();
    client
        .resource(
            new RoleBindingBuilder(delivered)
                .editMetadata()
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .serverSideApply();
  }

  /** One pool that goes through everything. */
  private static final class Scene {
    private final Ground ground;
    private final Cluster cluster;
    private final KubernetesClient client;
    private final String namespace;
    private final Stage stage;

    Scene(Ground ground) {
      this.ground = ground;
      this.cluster = ground.cluster();
      this.client = cluster.client();
      this.namespace = cluster.namespace("rbac");
      this.stage = cluster.stage(namespace, new History());
    }

    void play(Map<String, String> more) throws InterruptedException {
      Map<String, String> settings = new HashMap<>(more);
      Path account = cluster.kubeconfigOf(Manifests.NAMESPACE, Manifests.ACCOUNT);
      settings.put("KUBECONFIG", account.toString());
      settings.put("ORCHESTRATOR_ADDRESS", stage.address());
      settings.put("LEADER_ELECTION", "true");
      settings.put("LEASE_DURATION", "5s");
      OperatorProcess operator = OperatorProcess.start(ground, cluster, settings);
      cluster.apply(pool("one"));
      settled(0);
      aNameThatIsTaken();
      grows(3);
      aCanaryThatCannotStart();
      changesItsTemplate();
      shrinks();
      operator.terminate();
      var _ = operator.program().exit(LIMIT);
    }

    /** Somebody else's Pod has the name that comes next: the operator looks at it. */
    private void aNameThatIsTaken() {
      stage.waiting(1);
      String next = Await.value(LIMIT, "a worker's name", this::nextName);
      client
          .resource(
              new PodBuilder()
                  .withNewMetadata()
                  .withNamespace(namespace)
                  .withName(next)
                  .endMetadata()
                  .withNewSpec()
                  .withNodeSelector(Map.of("nowhere", "true"))
                  .addNewContainer()
                  .withName("a")
                  .withImage("nobody/has:this")
                  .endContainer()
                  .endSpec()
                  .build())
          .create();
    }

    /** As the pool names its workers, one further; found by having it make one. */
    private Optional<String> nextName() {
      return client.pods().inNamespace(namespace).list().getItems().stream()
          .map(p -> p.getMetadata().getName())
          .filter(name -> name.endsWith("-0"))
          .map(name -> name.replaceFirst("-0$", "-1"))
          .findFirst();
    }

    private void grows(int tasks) {
      stage.waiting(tasks - 1);
      stage.await(LIMIT, tasks + " tasks on workers", s -> s.running() == tasks);
      settled(tasks);
    }

    /** Meanwhile the pool grows by the revision that worked, which the operator reads. */
    private void aCanaryThatCannotStart() {
      Await.value(LIMIT, "a revision that is known to work", this::workingRevision);
      stage.cannotStart(NOBODY, "ImagePullBackOff");
      cluster.apply(pool("broken").replace("maxReplicas: 8", "maxReplicas: 8\n  image: " + NOBODY));
      Await.value(
          LIMIT,
          "a Pod of the new revision",
          () ->
              client.pods().inNamespace(namespace).list().getItems().stream()
                  .filter(p -> p.getSpec().getContainers().getFirst().getImage().equals(NOBODY))
                  .findFirst());
      stage.waiting(2);
      stage.await(LIMIT, "4 tasks on workers beside the canary", s -> s.running() >= 4);
      stage.withdraw();
    }

    private Optional<ControllerRevision> workingRevision() {
      return client.apps().controllerRevisions().inNamespace(namespace).list().getItems().stream()
          .filter(r -> !r.getMetadata().getAnnotations().getOrDefault(WORKED, "").isEmpty())
          .findFirst();
    }

    /** Often enough for revisions that are kept no longer. */
    private void changesItsTemplate() {
      for (String revision : List.of("two", "three", "four", "five", "six", "seven")) {
        cluster.apply(pool(revision));
        Await.value(
            LIMIT,
            "the status to tell of the new template",
            () ->
                Optional.of(cluster.pool(namespace, "demo"))
                    .filter(
                        p ->
                            p.getMetadata()
                                .getGeneration()
                                .equals(p.getStatus().observedGeneration())));
      }
    }

    private void shrinks() {
      stage.finishAll();
      settled(0);
    }

    private void settled(int workers) {
      Await.value(
          LIMIT,
          "a status of " + workers + " workers",
          () ->
              Optional.ofNullable(cluster.pool(namespace, "demo").getStatus())
                  .filter(s -> Integer.valueOf(workers).equals(s.replicas())));
    }

    private String pool(String revision) {
      return """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: demo, namespace: %s}
          spec:
            maxReplicas: 8
            update: {canary: 10}
            worker: {maxConcurrentTasks: 1}
            template: {metadata: {annotations: {revision: %s}}}
            scaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 1}}}
          """
          .formatted(namespace, revision);
    }
  }
}
