package io.tensorfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tensorfleet.local.ground.RealGround;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real API server refuses bad WorkerPools with a sentence that says what to write instead. */
@ExtendWith(ControlPlaneExtension.class)
class RefusalsIT {
  private static final String EXPECT = "# expect: ";

  /** As kubectl asks: unknown fields are refused too. */
  private static final String POOLS =
      "/apis/tensorfleet.io/v1alpha1/namespaces/default/workerpools?fieldValidation=Strict&dryRun=All";

  @TestFactory
  List<DynamicTest> aBadPoolIsRefusedWithASentence(RealGround ground) throws IOException {
    var files = yaml("bad");
    assertThat(files).hasSizeGreaterThanOrEqualTo(40);
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> refused(ground.client(), file)))
        .toList();
  }

  @TestFactory
  List<DynamicTest> aGoodPoolIsAccepted(RealGround ground) throws IOException {
    return yaml("good").stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> create(ground.client(), file)))
        .toList();
  }

  @Test
  void theSampleIsAccepted(KubernetesClient client) throws IOException {
    create(client, Repository.root().resolve("deploy/samples/workerpool.yaml"));
  }

  private static void refused(KubernetesClient client, Path file) throws IOException {
    var expected = Files.readAllLines(file).getFirst().substring(EXPECT.length());
    assertThatThrownBy(() -> create(client, file))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(expected);
  }

  private static void create(KubernetesClient client, Path file) throws IOException {
    Object pool =
        client.getKubernetesSerialization().unmarshal(Files.readString(file), Object.class);
    client.raw(POOLS, "POST", pool);
  }

  private static List<Path> yaml(String folder) throws IOException {
    try (var files = Files.list(Repository.root().resolve("crds/src/test/resources/" + folder))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
