package io.tensorfleet.local.ground;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the WorkerPool known to an API server. */
final class Definitions {
  private static final String FILE = "/crds/workerpools.tensorfleet.io-v1.yml";
  private static final long WAIT_SECONDS = 30;

  private Definitions() {}

  /** Applies the definition and waits until objects of it are accepted. */
  static void apply(KubernetesClient client) {
    CustomResourceDefinition applied =
        client
            .resource(read(client))
            .fieldManager("tensorfleet")
            .forceConflicts()
            .serverSideApply();
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(applied.getMetadata().getName())
        .waitUntilCondition(Definitions::isEstablished, WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static CustomResourceDefinition read(KubernetesClient client) {
    try (InputStream file = Definitions.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("there is no " + FILE + " on the class path");
      }
      return client.getKubernetesSerialization().unmarshal(file, CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    }
  }

  /** A definition that was made a moment ago has a status whose conditions are null. */
  static boolean isEstablished(@Nullable CustomResourceDefinition definition) {
    return Optional.ofNullable(definition)
        .map(CustomResourceDefinition::getStatus)
        .map(CustomResourceDefinitionStatus::getConditions)
        .stream()
        .flatMap(List::stream)
        .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
  }
}
