package io.tensorfleet.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The records read what a server sends, and write what it accepts. */
class WorkerPoolJsonTest {
  private static final KubernetesSerialization JSON =
      new KubernetesSerialization(new ObjectMapper(), false);

  @Test
  void anEmptySpecReadsAsTheDefaults() throws IOException {
    assertThat(read("/good/empty.yaml").getSpec()).isEqualTo(WorkerPoolSpec.defaults());
  }

  @Test
  void theDefaultsOfTheSchemaAreThoseOfTheRecords() throws IOException {
    String yaml = Files.readString(Path.of(CrdYaml.NAME + ".yml"));
    CustomResourceDefinition crd = JSON.unmarshal(yaml, CustomResourceDefinition.class);
    JSONSchemaProps schema = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    fill(Objects.requireNonNull(schema.getProperties().get("spec")), spec);
    assertThat(spec.size()).isGreaterThan(6);
    assertThat(JSON.convertValue(spec, WorkerPoolSpec.class)).isEqualTo(WorkerPoolSpec.defaults());
  }

  @Test
  void everyFieldOfTheSpecIsReadAndWrittenBack() throws IOException {
    WorkerPool pool = read("/good/everything.yaml");
    WorkerPoolSpec spec = pool.getSpec();
    assertThat(spec.decidedElsewhere()).hasValue(7);
    assertThat(spec.scaling().behavior().scaleUp().toleranceRatio()).isEqualTo(0.05);
    assertThat(spec.scaling().behavior().scaleDown().toleranceRatio()).isEqualTo(0.05);
    assertThat(spec.scaling().schedules()).hasSize(2);
    assertThat(spec.scaling().fallback().staticReplicas()).isEqualTo(4);
    assertThat(spec.worker().drain()).isEqualTo(java.time.Duration.ofMinutes(30));
    assertThat(spec.update().surgeFor(9)).isEqualTo(2);
    WorkerPool again = JSON.unmarshal(JSON.asYaml(pool), WorkerPool.class);
    assertThat(again.getSpec()).isEqualTo(spec);
  }

  @Test
  void aFieldLeftOutIsNotWrittenAsNull() {
    assertThat(JSON.asYaml(new WorkerPool())).doesNotContain("null").doesNotContain("replicas:");
  }

  @Test
  void aTemplateIsReadIntoAPodTemplateSpec() throws IOException {
    PodTemplate template = read("/good/everything.yaml").getSpec().ownTemplate().orElseThrow();
    assertThat(template.read())
        .isInstanceOfSatisfying(
            PodTemplate.Reading.Valid.class,
            valid -> {
              assertThat(valid.template().getMetadata().getLabels())
                  .containsEntry("team", "vision");
              assertThat(valid.template().getSpec().getContainers()).hasSize(1);
            });
  }

  @Test
  void aTemplateThatIsNoneSaysWhatIsWrong() {
    PodTemplate template = new PodTemplate(null, Map.of("containers", "worker"));
    assertThat(template.read())
        .isInstanceOfSatisfying(
            PodTemplate.Reading.Invalid.class,
            invalid ->
                assertThat(invalid.sentence()).startsWith("spec.template is no Pod template: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"a lot\"", "-1", "null", "\"\""})
  void aToleranceThatIsNoQuantityCountsAsNone(String json) {
    ScalingRules rules = JSON.unmarshal("{\"tolerance\": " + json + "}", ScalingRules.class);
    assertThat(rules.toleranceRatio()).isZero();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void everyBadObjectNamesWhatTheServerMustAnswer(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.getFirst()).matches("# expect: .{10,}");
    assertThat(lines).contains("kind: WorkerPool");
  }

  static Stream<Path> bad() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/bad"))) {
      return files.sorted().toList().stream();
    }
  }

  private static void fill(JSONSchemaProps schema, ObjectNode object) {
    Map<String, JSONSchemaProps> properties = schema.getProperties();
    if (properties == null) {
      return;
    }
    properties.forEach(
        (name, property) -> {
          JsonNode usual = property.getDefault();
          if (usual != null && !object.has(name)) {
            object.set(name, usual.deepCopy());
          }
          if (object.get(name) instanceof ObjectNode inner) {
            fill(property, inner);
          }
        });
  }

  private static WorkerPool read(String resource) {
    try (InputStream in = WorkerPoolJsonTest.class.getResourceAsStream(resource)) {
      return JSON.unmarshal(Objects.requireNonNull(in), WorkerPool.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
