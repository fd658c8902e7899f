package io.tensorfleet.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainersTest {
  private static Pod pod(EnvVar... variables) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withNamespace("ns")
        .withUid("u")
        .addToLabels("team", "a")
        .endMetadata()
        .withNewSpec()
        .withNodeName("n")
        .addNewContainer()
        .withName("sidecar")
        .withImage("other")
        .endContainer()
        .addNewContainer()
        .withName("worker")
        .withImage("w")
        .withArgs("--x")
        .withEnv(variables)
        .endContainer()
        .endSpec()
        .build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", path)
        .endValueFrom()
        .build();
  }

  @Test
  void theContainerNamedWorkerIsTheOneThatRuns() {
    assertThat(Containers.worker(pod()).getImage()).isEqualTo("w");
  }

  @Test
  void theImagesCommandIsFollowedByTheContainersArguments() {
    assertThat(Containers.command(Containers.worker(pod()), List.of("java", "-jar")))
        .containsExactly("java", "-jar", "--x");
  }

  @Test
  void theDownwardApiIsRead() {
    var pod =
        pod(
            field("NAME", "metadata.name"),
            field("NAMESPACE", "metadata.namespace"),
            field("UID", "metadata.uid"),
            field("IP", "status.podIP"),
            field("NODE", "spec.nodeName"),
            field("TEAM", "metadata.labels['team']"));

    assertThat(Containers.environment(pod, "127.1.2.3"))
        .containsEntry("NAME", "p")
        .containsEntry("NAMESPACE", "ns")
        .containsEntry("UID", "u")
        .containsEntry("IP", "127.1.2.3")
        .containsEntry("NODE", "n")
        .containsEntry("TEAM", "a");
  }

  @Test
  void aValueMayNameAnEarlierVariable() {
    var pod =
        pod(
            new EnvVarBuilder().withName("A").withValue("1$").build(),
            new EnvVarBuilder().withName("B").withValue("$(A)-$(UNKNOWN)").build());

    assertThat(Containers.environment(pod, "")).containsEntry("B", "1$-$(UNKNOWN)");
  }

  @Test
  void aSourceThatCannotBeReadIsRefusedByName() {
    var secret =
        new EnvVarBuilder()
            .withName("PASSWORD")
            .withNewValueFrom()
            .withNewSecretKeyRef("k", "s", false)
            .endValueFrom()
            .build();

    assertThatThrownBy(() -> Containers.environment(pod(secret), ""))
        .isInstanceOf(Containers.Unsupported.class)
        .hasMessageContaining("PASSWORD");
  }
}
