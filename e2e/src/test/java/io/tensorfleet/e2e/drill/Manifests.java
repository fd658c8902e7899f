package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.e2e.Repository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code deploy/operator} delivers. */
record Manifests(List<HasMetadata> objects) {
  static final String NAMESPACE = "tensorfleet";
  static final String ACCOUNT = "tensorfleet-operator";

  /** All objects of these folders, in the order of their files' names. */
  static Manifests read(KubernetesClient client, String... folders) {
    List<HasMetadata> objects = new ArrayList<>();
    for (String folder : folders) {
      files(Repository.root().resolve("deploy/operator").resolve(folder))
          .forEach(file -> objects.addAll(client.load(stream(file)).items()));
    }
    return new Manifests(objects);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".yaml"))
          .filter(f -> !f.endsWith("kustomization.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteArrayInputStream stream(Path file) {
    try {
      return new ByteArrayInputStream(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  <T extends HasMetadata> List<T> all(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  Deployment deployment() {
    return all(Deployment.class).getFirst();
  }

  /** What the roles grant. */
  List<PolicyRule> rules() {
    return Stream.concat(
            all(ClusterRole.class).stream().flatMap(r -> r.getRules().stream()),
            all(Role.class).stream().flatMap(r -> r.getRules().stream()))
        .toList();
  }

  /** Applies all but the Deployment, whose image nobody has here. */
  void apply(KubernetesClient client) {
    Stream.concat(all(io.fabric8.kubernetes.api.model.Namespace.class).stream(), objects.stream())
        .filter(o -> !(o instanceof Deployment))
        .forEach(o -> client.resource(o).forceConflicts().serverSideApply());
  }

  void remove(KubernetesClient client) {
    objects.reversed().stream()
        .filter(o -> !(o instanceof Deployment))
        .forEach(o -> client.resource(o).delete());
  }
}
