package io.tensorfleet.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Generates the CRD from the model, and adds what no annotation can say. */
final class CrdYaml {
  static final String NAME = "workerpools.tensorfleet.io-v1";

  private static final String HEADER =
      "# Generated from io.tensorfleet.crds.WorkerPool by `make crds`: change the model, not this file.\n";
  private static final List<String> COLUMNS =
      List.of(
          "DESIRED",
          "READY",
          "BUSY",
          "PENDING",
          "RUNNING",
          "MIN",
          "MAX",
          "MODE",
          "AGE",
          "UPDATED",
          "REVISION",
          "REASON");

  private static final Map<String, String> CONDITION =
      Map.of(
          "type", "Ready, Progressing, Degraded, QueueReachable, ScalingLimited or Paused.",
          "status", "True or False.",
          "reason", "Why, in one word in CamelCase.",
          "message", "Why, in a sentence.",
          "lastTransitionTime", "When the status last turned, RFC 3339.",
          "observedGeneration", "The generation of the spec that this condition speaks of.");

  private CrdYaml() {}

  static String generate() throws IOException {
    Memory out = new Memory();
    new CRDGenerator()
        .withMinQuotes(true)
        .withPostProcessor(new Finishing())
        .withOutput(out)
        .customResourceClasses(WorkerPool.class)
        .detailedGenerate();
    String yaml = out.bytes.toString(StandardCharsets.UTF_8);
    return HEADER + yaml.substring(yaml.indexOf('\n') + 1);
  }

  private static final class Memory extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    protected ByteArrayOutputStream createStreamFor(String crdName) {
      return bytes;
    }
  }

  private static final class Finishing implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata resource, String version) {
      CustomResourceDefinition crd = (CustomResourceDefinition) resource;
      crd.getSpec().getNames().setCategories(List.of("all"));
      CustomResourceDefinitionVersion only = crd.getSpec().getVersions().get(0);
      only.getAdditionalPrinterColumns()
          .sort((a, b) -> COLUMNS.indexOf(a.getName()) - COLUMNS.indexOf(b.getName()));
      JSONSchemaProps root = only.getSchema().getOpenAPIV3Schema();
      root.setDescription("A pool of training workers, kept at the size that its queue needs.");
      describe(root);
      bound(at(root, "spec"));
      finishSpec(at(root, "spec"));
      at(root, "status")
          .setDescription("What the operator saw, decided and did; only it writes here.");
      JSONSchemaProps conditions = at(root, "status", "conditions");
      CONDITION.forEach(
          (field, text) -> at(conditions.getItems().getSchema(), field).setDescription(text));
      bounded(at(conditions.getItems().getSchema(), "observedGeneration"));
      conditions.getItems().getSchema().setRequired(List.of("status", "type"));
      mapList(conditions, "type");
      return crd;
    }

    /** The type of conditions is not ours to annotate. */
    private static void bounded(JSONSchemaProps number) {
      number.setMinimum(0.0);
      number.setMaximum((double) WorkerPoolStatus.MOST_COUNTED);
    }

    private static void finishSpec(JSONSchemaProps spec) {
      spec.setDescription("What the pool should be.");
      for (String part : List.of("metadata", "spec")) {
        JSONSchemaProps open = at(spec, "template", part);
        open.setAdditionalProperties(null);
        open.setXKubernetesPreserveUnknownFields(true);
      }
      JSONSchemaProps schedules = at(spec, "scaling", "schedules");
      mapList(schedules, "name");
      schedules.setMaxItems(50L);
      at(spec, "image").setMaxLength(512L);
      at(spec, "worker", "labels").setMaxProperties(64L);
      JSONSchemaProps behavior = at(spec, "scaling", "behavior");
      Map.of("scaleUp", Behavior.UP_WINDOW, "scaleDown", Behavior.DOWN_WINDOW)
          .forEach(
              (direction, seconds) -> {
                JSONSchemaProps rules = at(behavior, direction);
                at(rules, "stabilizationWindowSeconds").setDefault(number(seconds));
                at(rules, "policies").setMaxItems(10L);
                quantity(at(rules, "tolerance"));
              });
    }

    /**
     * A number, or a text that is one: no type says that, so that each kind is bounded by itself.
     */
    private static void quantity(JSONSchemaProps schema) {
      schema.setMinimum(0.0);
      schema.setPattern("^[0-9]{1,6}([.][0-9]{1,6})?m?$");
      schema.setMaxProperties(0L);
      schema.setMaxItems(0L);
    }

    /** Texts of the spec get a longest length, as the cost of their CEL rules must be bounded. */
    private static void bound(JSONSchemaProps schema) {
      children(schema).forEach(Finishing::bound);
      if ("string".equals(schema.getType()) && schema.getEnum().isEmpty()) {
        schema.setMaxLength(253L);
      }
      if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
        schema.setMaxLength(8L);
      }
    }

    /** Descriptions name the default. */
    private static void describe(JSONSchemaProps schema) {
      children(schema).forEach(Finishing::describe);
      JsonNode usual = schema.getDefault();
      if (usual != null && usual.isValueNode()) {
        schema.setDescription(schema.getDescription() + " Default: " + usual.asText() + ".");
      }
    }

    private static Stream<JSONSchemaProps> children(JSONSchemaProps schema) {
      Stream<JSONSchemaProps> items =
          schema.getItems() == null ? Stream.of() : Stream.of(schema.getItems().getSchema());
      Stream<JSONSchemaProps> values =
          schema.getAdditionalProperties() == null
              ? Stream.empty()
              : Stream.ofNullable(schema.getAdditionalProperties().getSchema());
      @Nullable Map<String, JSONSchemaProps> properties = schema.getProperties();
      Stream<JSONSchemaProps> parts = Stream.concat(items, values);
      return properties == null ? parts : Stream.concat(parts, properties.values().stream());
    }
  }

  private static void mapList(JSONSchemaProps list, String key) {
    list.setXKubernetesListType("map");
    list.setXKubernetesListMapKeys(List.of(key));
  }

  private static JSONSchemaProps at(JSONSchemaProps from, String... path) {
    JSONSchemaProps found = from;
    for (String name : path) {
      JSONSchemaProps next = found.getProperties().get(name);
      if (next == null) {
        throw new IllegalStateException("the model has no " + String.join(".", path));
      }
      found = next;
    }
    return found;
  }

  private static JsonNode number(int value) {
    return IntNode.valueOf(value);
  }
}
