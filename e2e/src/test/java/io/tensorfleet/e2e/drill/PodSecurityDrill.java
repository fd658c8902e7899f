package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.crds.WorkerPoolStatus;
import io.tensorfleet.e2e.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A namespace that enforces the restricted profile: the API server takes every Pod that the
 * operator makes, from templates plain and rich, and refuses what a template itself gets wrong,
 * which the pool then tells. The operator's own Pod passes as well.
 */
final class PodSecurityDrill implements Drill {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** What passes as it is, though its containers say nothing of security. */
  private static final Map<String, String> GOOD =
      Map.of(
          "plain", "{}",
          "rich",
              """
              {spec: {
                initContainers: [{name: prepare, image: tensorfleet-worker}],
                containers: [{name: proxy, image: tensorfleet-worker}, {name: worker, env: [{name: A, value: b}]}],
                volumes: [{name: data, emptyDir: {}}, {name: certificates, secret: {secretName: none, optional: true}},
                          {name: settings, configMap: {name: none, optional: true}}]}}""");

  private static final Map<String, String> BAD =
      Map.of(
          "host-path", "{spec: {volumes: [{name: root, hostPath: {path: /}}]}}",
          "host-network", "{spec: {hostNetwork: true}}",
          "root", "{spec: {securityContext: {runAsNonRoot: false, runAsUser: 0}}}",
          "privileged",
              "{spec: {containers: [{name: proxy, image: p, securityContext: {privileged: true}}]}}",
          "capability",
              "{spec: {containers: [{name: worker, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}}");

  @Override
  public String missing() {
    return Cluster.missing();
  }

  @Override
  public Findings run(Ground ground, Sizes sizes) {
    var scene = new Scene(ground);
    var book = new Findings.Book();
    GOOD.forEach((name, template) -> scene.cluster.apply(scene.pool(name, template, false)));
    scene.cluster.apply(scene.pool("tls", "{}", true));
    BAD.forEach((name, template) -> scene.cluster.apply(scene.pool(name, template, false)));
    int made = 0;
    for (String name : List.of("plain", "rich", "tls")) {
      Optional<Pod> pod = scene.pod(name);
      made += pod.isPresent() ? 1 : 0;
      book.expect(pod.isPresent(), "no Pod of the pool " + name + ": " + scene.degraded(name));
    }
    int told = 0;
    for (String name : BAD.keySet()) {
      boolean tells = scene.tells(name);
      told += tells ? 1 : 0;
      book.expect(tells, "the pool " + name + " does not tell why: " + scene.degraded(name));
    }
    String own = scene.operatorsOwn();
    return book.figure("made", made)
        .figure("refused_and_told", told)
        .figure("manifest", own.isEmpty() ? "passes" : own)
        .expect(own.isEmpty(), "the operator's own Pod is refused: " + own)
        .expect(scene.enforced(), "the namespace does not enforce the profile: nothing was tried")
        .close();
  }

  private static final class Scene {
    private final Cluster cluster;
    private final KubernetesClient client;
    private final String namespace;

    Scene(Ground ground) {
      cluster = ground.cluster();
      client = cluster.client();
      namespace = cluster.namespace("restricted");
      client
          .namespaces()
          .withName(namespace)
          .edit(
              n ->
                  new NamespaceBuilder(n)
                      .editMetadata()
                      .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                      .endMetadata()
                      .build());
      Stage stage = cluster.stage(namespace, new History());
      OperatorProcess.start(ground, cluster, namespace, stage.address());
    }

    /**
     * Of one worker, whatever the queue holds. The secured one makes it though it is not connected.
     */
    String pool(String name, String template, boolean tls) {
      String orchestrator = tls ? "orchestrator: {tls: {secretName: none}}" : "minReplicas: 1";
      return """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: %s, namespace: %s}
          spec:
            replicas: 1
            %s
            template: %s
          """
          .formatted(name, namespace, orchestrator, template.replaceAll("\\s+", " "));
    }

    Optional<Pod> pod(String pool) {
      try {
        return Optional.of(
            Await.value(
                LIMIT,
                "a Pod of " + pool,
                () ->
                    client
                        .pods()
                        .inNamespace(namespace)
                        .withLabel("tensorfleet.io/pool", pool)
                        .list()
                        .getItems()
                        .stream()
                        .findFirst()));
      } catch (AssertionError none) {
        return Optional.empty();
      }
    }

    boolean tells(String pool) {
      try {
        return Await.value(
            LIMIT,
            "a word of " + pool,
            () -> Optional.of(degraded(pool).contains("violates PodSecurity")).filter(t -> t));
      } catch (AssertionError none) {
        return false;
      }
    }

    String degraded(String pool) {
      return Optional.ofNullable(cluster.pool(namespace, pool).getStatus()).stream()
          .map(WorkerPoolStatus::conditions)
          .flatMap(List::stream)
          .filter(c -> c.getType().equals("Degraded"))
          .map(Condition::getMessage)
          .findFirst()
          .orElse("no condition");
    }

    /** Why the Pod of the delivered Deployment is refused; empty when it is not. */
    String operatorsOwn() {
      PodTemplateSpec template =
          Manifests.read(client, "base").deployment().getSpec().getTemplate();
      return refused(
          new PodBuilder()
              .withNewMetadata()
              .withName("operator")
              .withNamespace(namespace)
              .endMetadata()
              .withNewSpecLike(template.getSpec())
              .withServiceAccountName("default")
              .endSpec()
              .build());
    }

    boolean enforced() {
      Pod careless =
          new PodBuilder()
              .withNewMetadata()
              .withName("careless")
              .withNamespace(namespace)
              .endMetadata()
              .withNewSpec()
              .addNewContainer()
              .withName("a")
              .withImage("a")
              .endContainer()
              .endSpec()
              .build();
      return refused(careless).contains("violates PodSecurity");
    }

    private String refused(Pod pod) {
      try {
        client.resource(pod).dryRun().create();
        return "";
      } catch (KubernetesClientException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }
}
