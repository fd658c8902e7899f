package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tensorfleet.crds.WorkerPool;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.local.WorkerProgram;
import io.tensorfleet.local.ground.Binaries;
import io.tensorfleet.local.ground.PlaneOptions;
import io.tensorfleet.local.ground.RealGround;
import io.tensorfleet.local.node.LocalNode;
import io.tensorfleet.local.node.NodeOptions;
import io.tensorfleet.local.node.PodPlan;
import io.tensorfleet.local.process.PrivateFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real control plane that knows WorkerPools and writes an audit log. One for all drills of a run;
 * what a drill puts on it goes when its ground is cleared.
 */
public final class Cluster implements AutoCloseable {
  /** Where the operators of drills have their service accounts. */
  static final String OPERATORS = "drill-operators";

  /** The image that a node of this cluster has a program for. */
  public static final String WORKER_IMAGE = "tensorfleet-worker";

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long TOKEN_SECONDS = Duration.ofHours(24).toSeconds();

  private final Ground ground;
  private final Path home;
  private final RealGround plane;
  private final AtomicInteger count = new AtomicInteger();

  private Cluster(Ground ground, Path home, RealGround plane) {
    this.ground = ground;
    this.home = home;
    this.plane = plane;
  }

  /**
   * Why there can be none here, for {@link Drill#missing}; empty where there can.
   *
   * @throws IllegalStateException in CI, which must not go without
   */
  public static String missing() {
    String why =
        switch (Binaries.find(System.getenv())) {
          case Binaries.Search.Missing(String sentence) -> sentence;
          case Binaries.Search.Found(Binaries found)
              when !found.controllers() || !found.scheduler() ->
              "no kube-controller-manager and kube-scheduler in "
                  + found.folder()
                  + ": run `make kube` (needs Go, about 4 minutes, once)";
          case Binaries.Search.Found _ -> "";
        };
    if (!why.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException("CI must drill on the real control plane: " + why);
    }
    return why;
  }

  static Cluster start(Ground ground, Path home) {
    if (!(Binaries.find(System.getenv()) instanceof Binaries.Search.Found(Binaries binaries))) {
      throw new IllegalStateException(missing());
    }
    var options = PlaneOptions.on(0).audited();
    var plane = RealGround.start(binaries, home, home.resolve("kubeconfig"), options);
    var cluster = new Cluster(ground, home, plane);
    cluster.createNamespace(OPERATORS);
    return cluster;
  }

  /** As the admin, whose reads are not in the audit log. */
  public KubernetesClient client() {
    return plane.client();
  }

  /** The admin's. */
  public Path kubeconfig() {
    return plane.kubeconfig().orElseThrow();
  }

  public Audit audit() {
    return new Audit(plane.auditLog());
  }

  /** A namespace of its own, ready for Pods; its pools and Pods go when the ground is cleared. */
  public String namespace(String prefix) {
    String name = prefix + "-" + count.incrementAndGet();
    createNamespace(name);
    ground.own(() -> remove(name));
    return name;
  }

  /** Creates or replaces an object, as a user types it. */
  public void apply(String yaml) {
    var object =
        client().getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
    client().resource(object).fieldManager("drill").forceConflicts().serverSideApply();
  }

  public WorkerPool pool(String namespace, String name) {
    return Optional.ofNullable(
            client().resources(WorkerPool.class).inNamespace(namespace).withName(name).get())
        .orElseThrow(() -> new IllegalStateException("no pool " + namespace + "/" + name));
  }

  /**
   * A kubeconfig of a service account of this name, made when it is not there, that may do
   * everything.
   */
  public Path kubeconfigOf(String account) {
    client()
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(OPERATORS + "-" + account)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                .addNewSubject(null, "ServiceAccount", account, OPERATORS)
                .build())
        .serverSideApply();
    return kubeconfigOf(OPERATORS, account);
  }

  /** A kubeconfig of a service account, made when it is not there, with the rights that it has. */
  public Path kubeconfigOf(String namespace, String account) {
    client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(account)
                .endMetadata()
                .build())
        .serverSideApply();
    Path file = home.resolve("kubeconfig-" + namespace + "-" + account);
    new PrivateFile(file).write(config(namespace, token(namespace, account)));
    return file;
  }

  private String token(String namespace, String account) {
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(TOKEN_SECONDS)
            .endSpec()
            .build();
    return client()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  private String config(String namespace, String token) {
    var config =
        new ConfigBuilder()
            .withApiVersion("v1")
            .withKind("Config")
            .withCurrentContext("drill")
            .addNewCluster()
            .withName("drill")
            .withNewCluster()
            .withServer(plane.config().getMasterUrl())
            .withCertificateAuthorityData(plane.config().getCaCertData())
            .endCluster()
            .endCluster()
            .addNewUser()
            .withName("drill")
            .withNewUser()
            .withToken(token)
            .endUser()
            .endUser()
            .addNewContext()
            .withName("drill")
            .withNewContext()
            .withCluster("drill")
            .withUser("drill")
            .withNamespace(namespace)
            .endContext()
            .endContext()
            .build();
    return Serialization.asYaml(config);
  }

  /** A node that runs Pods of {@link #WORKER_IMAGE} as worker processes; the ground ends it. */
  public LocalNode node() {
    String name = "node-" + count.incrementAndGet();
    var options =
        new NodeOptions(
            name,
            Map.of(WORKER_IMAGE, WorkerProgram.built().sparingCommand()),
            home.resolve(name),
            false,
            false,
            PodPlan.BackOff.KUBELET);
    ground.own(() -> removeNode(name));
    return ground.own(LocalNode.start(client(), options, _ -> {}));
  }

  /** An orchestrator that is scripted, with a kubelet for the Pods of a namespace. */
  public Stage stage(String namespace, History history) {
    String name = "stage-" + count.incrementAndGet();
    ground.own(() -> removeNode(name));
    return ground.own(Stage.open(client(), new Stage.Place(namespace, name), history));
  }

  private void createNamespace(String name) {
    client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    Await.value(
        LIMIT,
        "the default service account of " + name,
        () ->
            Optional.ofNullable(
                client().serviceAccounts().inNamespace(name).withName("default").get()));
  }

  /** Pods go at once: whoever ran them has ended. */
  private void remove(String namespace) {
    client().resources(WorkerPool.class).inNamespace(namespace).delete();
    client().pods().inNamespace(namespace).withGracePeriod(0).delete();
    client().namespaces().withName(namespace).delete();
  }

  private void removeNode(String name) {
    client().nodes().withName(name).delete();
  }

  @Override
  public void close() {
    plane.close();
  }
}
