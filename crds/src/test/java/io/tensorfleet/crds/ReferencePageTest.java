package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tensorfleet.crds.WorkerPoolStatus.ConditionTypes;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path COMMITTED = Path.of("../docs/reference/workerpool.md");

  @Test
  void theCommittedPageIsWhatTheModelTells() throws IOException {
    var crd =
        new KubernetesSerialization(new ObjectMapper(), false)
            .unmarshal(CrdYaml.generate(), CustomResourceDefinition.class);
    String made = new ReferencePage(crd.getSpec()).text();
    if (Boolean.getBoolean("crds.update")) {
      Files.writeString(COMMITTED, made);
    }
    assertThat(Files.readString(COMMITTED))
        .as("%s differs from the model: run `make crds` and commit it", COMMITTED)
        .isEqualTo(made);
  }

  @Test
  void everyConditionIsOnThePage() throws IllegalAccessException {
    List<Object> types = new ArrayList<>();
    for (Field type : ConditionTypes.class.getFields()) {
      types.add(type.get(null));
    }
    assertThat(ReferencePage.CONDITIONS.keySet())
        .containsExactlyInAnyOrderElementsOf(types.stream().map(String::valueOf).toList());
  }
}
